package io.handover.history.live;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** One run of {@code ./handover conversations}: its exit code and what it printed. */
record Run(int code, String out, String err) {

    static Run of(Map<String, String> environment, String answer, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CommandRunner.run(
                (o, e, stop) -> new CommandLine(CommandSpec.create().name("./handover"))
                        .addSubcommand(ConversationsCommand.commandLine(
                                o,
                                e,
                                new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                                stop,
                                environment)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                with(arguments));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String[] with(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "conversations";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }
}
