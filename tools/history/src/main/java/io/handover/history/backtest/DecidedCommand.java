package io.handover.history.backtest;

import io.handover.schema.HandoverCommand;
import java.util.Comparator;

/**
 * A command with what led to it, which gives the order of commands: the one that a topic with one partition would have.
 *
 * @param delivery the number of the delivery that led to it; {@link #BY_DEADLINE} if a deadline did, which fires before
 *     any delivery of the same time
 */
public record DecidedCommand(HandoverCommand command, long delivery) {

    static final long BY_DEADLINE = -1;

    static final Comparator<DecidedCommand> ORDER = Comparator.comparing(
                    (DecidedCommand decided) -> decided.command.decidedAt())
            .thenComparingLong(DecidedCommand::delivery)
            .thenComparing(decided -> decided.delivery == BY_DEADLINE ? decided.command.conversationId() : "");
}
