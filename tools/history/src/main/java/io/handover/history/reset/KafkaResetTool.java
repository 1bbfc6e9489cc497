package io.handover.history.reset;

import io.handover.terminal.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.tools.StreamsResetter;

/** Kafka's own reset tool, without what it prints. */
final class KafkaResetTool {

    private static final String ERROR = "ERROR: ";

    private KafkaResetTool() {}

    /**
     * Runs it.
     *
     * @throws CommandException if it failed, with the reason that it gave
     */
    static void run(List<String> arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        int code;
        try (PrintStream kept = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(kept);
            System.setErr(kept);
            code = new StreamsResetter().execute(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        if (code != 0) {
            throw failed(said.toString(StandardCharsets.UTF_8));
        }
    }

    private static CommandException failed(String said) {
        String reason = said.lines()
                .filter(line -> line.startsWith(ERROR))
                .map(line -> line.substring(ERROR.length()))
                .findFirst()
                .orElse("it gave no reason");
        return new CommandException(
                "Kafka's reset tool failed, so reset again before the application starts: " + reason);
    }
}
