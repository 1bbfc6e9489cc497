package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.history.HistoryCommands;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code acknowledge-deleted}, as an operator runs it. */
final class AcknowledgeDeleted {

    private AcknowledgeDeleted() {}

    /** Runs the command. Returns its output on both streams. */
    static String run(BrokerCluster kafka, String applicationId, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "acknowledge-deleted",
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--application-id",
                applicationId));
        arguments.addAll(List.of(options));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        CommandLine line = HistoryCommands.addTo(
                new CommandLine(CommandSpec.create().name("./handover")), out, out, new StopSignal());
        assertThat(line.execute(arguments.toArray(String[]::new))).isZero();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
