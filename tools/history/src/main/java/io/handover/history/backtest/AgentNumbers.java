package io.handover.history.backtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number per agent id, which saves memory: there are thousands of agents, but millions of agent sessions. */
final class AgentNumbers {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();

    /** The number of an agent, or -1 for null. */
    int numberOf(@Nullable String agentId) {
        if (agentId == null) {
            return -1;
        }
        return numbers.computeIfAbsent(agentId, id -> {
            ids.add(id);
            return ids.size() - 1;
        });
    }

    /** The id of a number, or null for -1. */
    @Nullable
    String idOf(int number) {
        return number < 0 ? null : ids.get(number);
    }
}
