package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.schema.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The present state of a conversation, as an instance of streams-app answers it. Times of events are of Genesys' clock.
 *
 * @param answeredBy the instance that has the conversation
 * @param stale whether a standby answered, which can be behind
 * @param now the time of the answer, by the clock of the instance
 * @param streamTime the stream time of the partition; null if the instance has read no record yet
 * @param open whether a handover is open
 * @param cycle the number of the newest handover
 * @param reading the label of the reading; null if no handover is open
 * @param recentSince since when {@code recent} is complete
 * @param recent the newest outcomes, oldest first
 */
public record LiveConversation(
        String conversationId,
        int partition,
        @Nullable String answeredBy,
        boolean stale,
        Instant now,
        @Nullable Instant streamTime,
        boolean open,
        int cycle,
        @Nullable Instant openedAt,
        @Nullable String reading,
        @Nullable Instant lastEventAt,
        @Nullable Instant forgottenAt,
        LiveConversation.@Nullable Customer customer,
        LiveConversation.@Nullable Announced announced,
        LiveConversation.@Nullable Held held,
        LiveConversation.@Nullable LastEnd lastEnd,
        List<Agent> agents,
        List<Queue> queues,
        List<Flow> flows,
        @Nullable Instant recentSince,
        List<Recent> recent) {

    public LiveConversation {
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(now, "now");
        agents = listOf(agents);
        queues = listOf(queues);
        flows = listOf(flows);
        recent = listOf(recent);
    }

    /** A field without a value is absent, so a list can be null. */
    private static <T> List<T> listOf(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    record Customer(@Nullable String userId, @Nullable String organizationId) {}

    record Announced(@Nullable String agentId, @Nullable String name) {}

    /** An end that is held. */
    record Held(String reason, Instant deadline, List<Evidence> evidence) {

        Held {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(deadline, "deadline");
            evidence = listOf(evidence);
        }
    }

    record LastEnd(Instant time) {

        LastEnd {
            Objects.requireNonNull(time, "time");
        }
    }

    record Agent(
            @Nullable String sessionId,
            @Nullable String agentId,
            @Nullable String name,
            int cycle,
            @Nullable Instant startedAt,
            @Nullable Instant leftAt,
            @Nullable String departure,
            @Nullable Instant wrappedUpAt) {}

    record Queue(
            @Nullable String sessionId,
            int cycle,
            @Nullable Instant enteredAt,
            @Nullable Instant leftAt,
            @Nullable String exit,
            @Nullable String answeredBy) {}

    record Flow(
            @Nullable String sessionId,
            boolean routing,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String exit) {}

    /**
     * One outcome.
     *
     * @param at the stream time of the decision
     * @param eventTime null for a deadline
     * @param eventId the id of the event, or of the order; null for a deadline
     * @param commands the commands of the decision, as sent
     */
    public record Recent(
            Instant at,
            @Nullable Instant eventTime,
            @Nullable String topic,
            @Nullable String eventId,
            String outcome,
            List<JsonNode> commands) {

        public Recent {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(outcome, "outcome");
            commands = listOf(commands);
        }
    }

    /**
     * Reads a conversation.
     *
     * @throws io.handover.terminal.CommandException if the JSON is not a conversation
     */
    public static LiveConversation of(JsonNode json) {
        return LiveJson.read(json, LiveConversation.class);
    }

    /** Returns the earliest time that the state contains: no event that it knows arrived before. */
    public Instant earliest() {
        Instant earliest = earlier(earlier(now, openedAt), lastEventAt);
        earliest = earlier(earliest, lastEnd == null ? null : lastEnd.time());
        for (Agent agent : agents) {
            earliest = earlier(earlier(earlier(earliest, agent.startedAt()), agent.leftAt()), agent.wrappedUpAt());
        }
        for (Queue queue : queues) {
            earliest = earlier(earlier(earliest, queue.enteredAt()), queue.leftAt());
        }
        for (Flow flow : flows) {
            earliest = earlier(earlier(earliest, flow.startedAt()), flow.endedAt());
        }
        for (Recent step : recent) {
            earliest = earlier(earlier(earliest, step.at()), step.eventTime());
        }
        return earliest;
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }
}
