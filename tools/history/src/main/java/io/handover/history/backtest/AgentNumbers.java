package io.handover.history.backtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps each agent id to a number. Millions of agent sessions store the number, which needs less memory than the id. */
final class AgentNumbers {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();

    /** Returns the number of an agent id, and assigns a new number to a new id; -1 for null. */
    int numberOf(@Nullable String agentId) {
        if (agentId == null) {
            return -1;
        }
        return numbers.computeIfAbsent(agentId, id -> {
            ids.add(id);
            return ids.size() - 1;
        });
    }

    /** Returns the agent id with this number; null for -1. */
    @Nullable
    String idOf(int number) {
        return number < 0 ? null : ids.get(number);
    }
}
