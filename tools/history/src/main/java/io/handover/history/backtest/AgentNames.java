package io.handover.history.backtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers for agents' ids: there are thousands of agents, and millions of services. */
final class AgentNames {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    /** The number of an agent; -1 for none. */
    int numberOf(@Nullable String agentId) {
        if (agentId == null) {
            return -1;
        }
        return numbers.computeIfAbsent(agentId, id -> {
            names.add(id);
            return names.size() - 1;
        });
    }

    @Nullable
    String name(int number) {
        return number < 0 ? null : names.get(number);
    }
}
