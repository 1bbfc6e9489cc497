package io.handover.torture;

import io.handover.reference.Command;
import io.handover.reference.ProfileArrival;
import io.handover.schema.AgentLookup;
import io.handover.torture.Finding.Defect;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The check of the agent lookups of a run. The announcement of an unknown agent and its lookup are written in one
 * transaction. Every lookup leads to a profile in the log after it, unless Genesys refused to answer.
 */
final class LookupAudit {

    private final GenesysAnswers genesys;
    private final Ledger ledger;
    private final Map<Asked, Integer> lookups = new LinkedHashMap<>();

    /** Two handovers of a conversation can announce the same agent at the same stream time, so they are counted. */
    private final Map<Asked, Integer> announcements = new HashMap<>();

    private final Map<Agent, Long> profiledAt = new HashMap<>();

    /** When an agent was first reported as unknown. The scope is the partition. */
    private final Map<Agent, Long> unknownSince = new HashMap<>();

    private int profiles;

    /** @param at the stream time of the announcement, epoch ms */
    private record Asked(Agent agent, long at) {}

    /** @param scope a conversation or a partition */
    private record Agent(String scope, String id) {}

    LookupAudit(GenesysAnswers genesys, Ledger ledger) {
        this.genesys = genesys;
        this.ledger = ledger;
    }

    /** Adds a lookup. All lookups must be added before the first announcement. */
    void add(AgentLookup lookup) {
        Asked asked = new Asked(
                new Agent(lookup.conversationId(), lookup.agentId()),
                lookup.askedAt().toEpochMilli());
        lookups.merge(asked, 1, Integer::sum);
    }

    /** Adds a profile of the log, in the order of the partition. */
    void add(String partition, ProfileArrival profile) {
        profiles++;
        profiledAt.put(new Agent(String.valueOf(profile.conversationId()), profile.agentId()), profile.at());
        if (profile.name() == null) {
            unknownSince.putIfAbsent(new Agent(partition, profile.agentId()), profile.at());
        }
        if (!genesys.contain(profile)) {
            ledger.enter(new Finding(Defect.PROFILE_FOREIGN, "Genesys did not give the profile " + profile));
        }
    }

    /** Adds a command of a conversation. All profiles of the partition must be added before. */
    void add(String partition, String conversation, Command command) {
        if (command.isEnd() || command.shown().byProfile()) {
            return;
        }
        Asked announced = new Asked(new Agent(conversation, command.what()), command.decidedAt());
        announcements.merge(announced, 1, Integer::sum);
        boolean mayBeUnknown =
                unknownSince.getOrDefault(new Agent(partition, command.what()), Long.MAX_VALUE) <= command.decidedAt();
        if (command.shown().name() == null && !mayBeUnknown && !lookups.containsKey(announced)) {
            ledger.enter(new Finding(Defect.LOOKUP_MISSING, announced + " was announced without a lookup"));
        }
    }

    /** Enters the lookups into the ledger. */
    void close() {
        int refused = 0;
        for (Map.Entry<Asked, Integer> entry : lookups.entrySet()) {
            Asked lookup = entry.getKey();
            if (entry.getValue() > announcements.getOrDefault(lookup, 0)) {
                ledger.enter(new Finding(Defect.LOOKUP_UNEXPECTED, lookup + " belongs to no announcement"));
            }
            if (profiledAt.getOrDefault(lookup.agent, Long.MIN_VALUE) >= lookup.at) {
                continue;
            }
            if (genesys.isRefusedSince(lookup.agent.id, lookup.at)) {
                refused++;
            } else {
                ledger.enter(new Finding(Defect.LOOKUP_LOST, lookup + " has no profile in the log after it"));
            }
        }
        int all = lookups.values().stream().mapToInt(Integer::intValue).sum();
        ledger.enterLookups(all, refused, profiles);
    }
}
