package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * What an operator orders for one handover. It is a record of the log like an event, so a replay decides the same.
 *
 * @param orderId identifies the order: the same order twice is applied once
 * @param cycle the number of the handover, 1 or more. The order does not apply to a later handover
 * @param operator who gives the order, as stated
 * @param reason why, in the words of the operator
 * @param orderedAt the time of the order, by the clock of the process that wrote it. Only the timestamp of the record
 *     decides
 */
public record OperatorOrder(
        UUID orderId,
        String conversationId,
        int cycle,
        Action action,
        String operator,
        String reason,
        Instant orderedAt)
        implements HandoverRecord {

    /** The {@link Evidence#topic} of an order. */
    public static final String TOPIC = "operator.order";

    /** The maximum length of {@link #operator} in characters. */
    public static final int OPERATOR_MAX_LENGTH = 100;

    /** The maximum length of {@link #reason} in characters. */
    public static final int REASON_MAX_LENGTH = 500;

    /** What is ordered. */
    public enum Action {
        /** The handover ends now, whoever has the conversation. */
        END("end"),
        /** The end that is held is announced now. */
        RELEASE("release");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        /** The value of the field {@code action}. */
        @JsonValue
        public String label() {
            return label;
        }
    }

    /** @throws IllegalArgumentException if a text is blank or too long, or the cycle is below 1 */
    public OperatorOrder {
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(action, "action");
        requireText("operator", Objects.requireNonNull(operator, "operator"), OPERATOR_MAX_LENGTH);
        requireText("reason", Objects.requireNonNull(reason, "reason"), REASON_MAX_LENGTH);
        Objects.requireNonNull(orderedAt, "orderedAt");
        if (cycle < 1) {
            throw new IllegalArgumentException("Expected cycle to be 1 or more, but it is " + cycle);
        }
    }

    private static void requireText(String name, String text, int maxLength) {
        if (text.isBlank() || text.length() > maxLength) {
            throw new IllegalArgumentException(
                    "Expected " + name + " to have 1 to " + maxLength + " characters, but it has " + text.length());
        }
    }
}
