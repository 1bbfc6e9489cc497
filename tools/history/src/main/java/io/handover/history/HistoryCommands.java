package io.handover.history;

import io.handover.history.agents.ForgetAgentCommand;
import io.handover.history.backtest.BacktestCommand;
import io.handover.history.explain.ExplainCommand;
import io.handover.history.generate.GenerateCommand;
import io.handover.history.live.ConversationsCommand;
import io.handover.history.repartition.RepartitionCommand;
import io.handover.history.replay.ReplayCommand;
import io.handover.history.reset.AcknowledgeDeletedCommand;
import io.handover.history.reset.ResetCommand;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import picocli.CommandLine;

/** Adds the commands of this module to {@code ./handover}. */
public final class HistoryCommands {

    private HistoryCommands() {}

    /** Adds the commands, and returns the command line. */
    public static CommandLine addTo(CommandLine handover, PrintStream out, PrintStream err, StopSignal stop) {
        return handover.addSubcommand(new BacktestCommand(out, err, stop))
                .addSubcommand(new ExplainCommand(out, err, stop, System.getenv()))
                .addSubcommand(ConversationsCommand.commandLine(out, err, System.in, stop, System.getenv()))
                .addSubcommand(new GenerateCommand(out, err, stop))
                .addSubcommand(new ResetCommand(out, err))
                .addSubcommand(new AcknowledgeDeletedCommand(out, err))
                .addSubcommand(new RepartitionCommand(out, err, stop))
                .addSubcommand(new ForgetAgentCommand(err))
                .addSubcommand(ReplayCommand.commandLine(out, err, stop));
    }
}
