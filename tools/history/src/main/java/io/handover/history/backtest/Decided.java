package io.handover.history.backtest;

import io.handover.schema.HandoverCommand;
import java.util.Comparator;

/**
 * A command, and its place among those of other conversations: the one that a single partition would have given it.
 *
 * @param byDelivery which delivery led to it; {@link #BY_DEADLINE} if a deadline did, which fires before any delivery of
 *     the same time counts
 */
public record Decided(HandoverCommand command, long byDelivery) {

    static final long BY_DEADLINE = -1;

    static final Comparator<Decided> ORDER = Comparator.comparing((Decided decided) -> decided.command.decidedAt())
            .thenComparingLong(Decided::byDelivery)
            .thenComparing(decided -> decided.byDelivery == BY_DEADLINE ? decided.command.conversationId() : "");
}
