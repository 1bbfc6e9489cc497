package io.handover.torture;

import io.handover.fakegenesys.FakeGenesys.Request;
import io.handover.reference.ProfileArrival;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Genesys answered in a run. Thread-safe. */
final class GenesysAnswers {

    private static final String USERS = "/api/v2/users/";
    private static final int FORBIDDEN = 403;

    /** A lookup is read, and its request sent, after the announcement. The clock is the same; this is for rounding. */
    private static final long ROUNDING_MS = 1_000;

    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private final Map<String, Long> refusedAt = new HashMap<>();
    private final Set<Profile> given = new HashSet<>();

    private record Profile(
            String agentId, @Nullable String name, @Nullable String imageUrl) {}

    synchronized void add(Request request) {
        byStatus.merge(request.status(), 1L, Long::sum);
        if (request.status() == FORBIDDEN && request.path().startsWith(USERS)) {
            refusedAt.put(
                    request.path().substring(USERS.length()), request.time().toEpochMilli());
        }
    }

    /** Adds a profile; without a name, that Genesys did not know the agent. */
    synchronized void add(String agentId, @Nullable String name, @Nullable String imageUrl) {
        given.add(new Profile(agentId, name, imageUrl));
    }

    /** Whether the name and picture of a profile are those of an answer. */
    synchronized boolean contain(ProfileArrival profile) {
        return given.contains(new Profile(profile.agentId(), profile.name(), profile.imageUrl()));
    }

    /** Whether Genesys refused (403) a request for an agent at this time or later, epoch ms. */
    synchronized boolean isRefusedSince(String agentId, long time) {
        return refusedAt.getOrDefault(agentId, Long.MIN_VALUE) >= time - ROUNDING_MS;
    }

    /** The number of requests by the status of their answer; 0 for those without one. */
    synchronized Map<Integer, Long> byStatus() {
        return new TreeMap<>(byStatus);
    }
}
