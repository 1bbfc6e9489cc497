package io.handover.history.backtest;

import io.handover.schema.HandoverCommand;
import java.util.Comparator;

/**
 * A command, and the delivery or deadline that led to it. {@link #ORDER} is the order that the commands would have in a
 * topic with one partition.
 *
 * @param delivery the number of the delivery in the log; {@link #BY_DEADLINE} if a deadline led to the command. A
 *     deadline fires before every delivery of the same time.
 */
public record DecidedCommand(HandoverCommand command, long delivery) {

    static final long BY_DEADLINE = -1;

    static final Comparator<DecidedCommand> ORDER = Comparator.comparing(
                    (DecidedCommand decided) -> decided.command.decidedAt())
            .thenComparingLong(DecidedCommand::delivery)
            .thenComparing(decided -> decided.delivery == BY_DEADLINE ? decided.command.conversationId() : "");
}
