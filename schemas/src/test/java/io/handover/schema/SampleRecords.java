package io.handover.schema;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records of every kind that the product writes, with all fields and with only the required ones. */
final class SampleRecords {

    static final ClockTick TICK = new ClockTick(3, Instant.parse("2026-03-02T09:25:10.250Z"));

    static final AgentProfile PROFILE =
            new AgentProfile("conversation-1", "agent-1", "Ada Example", "https://pictures.example/ada.png");

    static final AgentProfile UNKNOWN_AGENT = new AgentProfile("conversation-1", "agent-1", null, null);

    static final AgentProfile FORGOTTEN_AGENT = new AgentProfile(null, "agent-1", null, null);

    static final OperatorOrder ORDER = new OperatorOrder(
            UUID.fromString("3f1f0c5e-7a0d-4b52-9f55-6c1f2b8f9a10"),
            "conversation-1",
            2,
            OperatorOrder.Action.END,
            "ada",
            "The chat is over.",
            Instant.parse("2026-03-02T09:25:10.250Z"));

    static final AgentLookup LOOKUP =
            new AgentLookup("conversation-1", "agent-1", Instant.parse("2026-03-02T09:15:00.350Z"));

    static final HandoverEnded ENDED = ended(
            "customer-0001",
            "example-organisation",
            "customer-end",
            List.of(
                    new Evidence("acw", null, Instant.parse("2026-03-02T09:24:00Z"), null),
                    new Evidence("customer.end", "event-1", Instant.parse("2026-03-02T09:25:00Z"), "PEER")));

    static final HandoverEnded ENDED_PLAIN = endedPlain("customer-end");

    static final AgentUpdated UPDATED = updated(
            "customer-0001",
            "example-organisation",
            new AgentUpdated.Agent("agent-1", "Ada Example", "https://pictures.example/ada.png"),
            List.of(new Evidence("user.start", "event-2", Instant.parse("2026-03-02T09:15:00.007Z"), null)));

    static final AgentUpdated UPDATED_PLAIN =
            updated(null, null, new AgentUpdated.Agent("agent-1", null, null), List.of());

    private SampleRecords() {}

    /** A command with only the required fields and without evidence. */
    static HandoverEnded endedPlain(String reason) {
        return ended(null, null, reason, List.of());
    }

    private static HandoverEnded ended(
            @Nullable String userId, @Nullable String organizationId, String reason, List<Evidence> evidence) {
        return new HandoverEnded(
                "6b0c7c1e-6f0b-5a57-9d55-3f6d6f1f2a10",
                "conversation-1",
                1,
                userId,
                organizationId,
                Instant.parse("2026-03-02T09:25:00Z"),
                Instant.parse("2026-03-02T09:25:00.480Z"),
                reason,
                evidence);
    }

    private static AgentUpdated updated(
            @Nullable String userId,
            @Nullable String organizationId,
            AgentUpdated.Agent agent,
            List<Evidence> evidence) {
        return new AgentUpdated(
                "e2f1f0de-58fb-5c0e-8a67-6a3e0f1d9b42",
                "conversation-1",
                2,
                userId,
                organizationId,
                Instant.parse("2026-03-02T09:15:00.007Z"),
                Instant.parse("2026-03-02T09:15:00.350Z"),
                "agent-started",
                agent,
                evidence);
    }
}
