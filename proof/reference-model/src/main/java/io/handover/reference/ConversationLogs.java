package io.handover.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a partition that matter to each of its conversations: the arrivals and profiles of the conversation, and
 * the other profiles before them that are not older than the retention of profiles.
 */
public final class ConversationLogs {

    private final long profileRetentionMs;
    private final List<ProfileArrival> profiles = new ArrayList<>();
    private final Map<String, List<LogEntry>> entries = new LinkedHashMap<>();

    /** How many profiles of the partition came before the newest entry of a conversation. */
    private final Map<String, Integer> addedProfiles = new HashMap<>();

    public ConversationLogs(Rules rules) {
        this.profileRetentionMs = rules.profileRetentionMs();
    }

    /** Adds the next entry of the partition. */
    public void add(LogEntry entry) {
        if (entry instanceof ProfileArrival profile) {
            profiles.add(profile);
            if (profile.conversationId() != null) {
                addProfiles(profile.conversationId(), profile.at());
            }
        } else if (entry instanceof Arrival arrival) {
            addProfiles(arrival.event().conversationId(), arrival.at()).add(arrival);
        }
    }

    private List<LogEntry> addProfiles(String conversation, long at) {
        List<LogEntry> own = entries.computeIfAbsent(conversation, id -> new ArrayList<>());
        int first = profiles.size();
        int added = addedProfiles.getOrDefault(conversation, 0);
        while (first > added && profiles.get(first - 1).at() >= at - profileRetentionMs) {
            first--;
        }
        own.addAll(profiles.subList(first, profiles.size()));
        addedProfiles.put(conversation, profiles.size());
        return own;
    }

    /** Returns the entries of a conversation, in the order of the log. */
    public List<LogEntry> of(String conversation) {
        return entries.getOrDefault(conversation, List.of());
    }
}
