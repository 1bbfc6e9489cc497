package io.handover.benchmark;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.KafkaNode;
import io.handover.embeddedkafka.KafkaNode.Listener;
import io.handover.history.HistoryCommands;
import io.handover.ingress.IngressBridgeMain;
import io.handover.streams.StreamsAppMain;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.ParentWatch;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The main class of every process of a run. The process ends when the process that started it has ended, even by
 * SIGKILL.
 */
public final class ChildMain {

    static final String BROKER = "broker";
    static final String BACKTEST = "backtest";

    /** As by default. With the buffer of a small broker, a segment would be compacted in many passes. */
    private static final String CLEANER_BYTES = "134217728";

    private ChildMain() {}

    /**
     * Runs a broker, a back-test, an endpoint or a contender.
     *
     * @param arguments {@value #BROKER}, the folder of its data, its two ports and whether it compacts; {@value #BACKTEST} and the arguments
     *     of that command; the process name of an {@link Endpoint}; or the label of a {@link Contender}
     */
    public static void main(String[] arguments) {
        ParentWatch.start();
        if (arguments[0].equals(BROKER)) {
            EmbeddedKafka.start(broker(
                    Path.of(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    arguments[4]));
            return;
        }
        if (arguments[0].equals(BACKTEST)) {
            CommandRunner.main(ChildMain::history, arguments);
            return;
        }
        if (Endpoint.isProcessName(arguments[0])) {
            switch (Endpoint.ofProcessName(arguments[0])) {
                case BRIDGE, BRIDGE_WITH_LOG -> IngressBridgeMain.main(new String[0]);
                case BARE -> BareHandler.run();
            }
            return;
        }
        switch (Contender.of(arguments[0])) {
            case APP -> StreamsAppMain.main(new String[0]);
            case FLOOR -> FloorTopology.run();
            case DEDUPLICATION -> WindowDeduplication.run(StreamsProcess.properties());
            case DEDUPLICATION_WITH_DEFAULTS -> WindowDeduplication.run(StreamsProcess.withKafkasDefaults());
        }
    }

    static CommandLine history(PrintStream out, PrintStream err, StopSignal stop) {
        return HistoryCommands.addTo(new CommandLine(CommandSpec.create().name("./handover")), out, err, stop);
    }

    private static KafkaNode broker(Path data, int port, int controllerPort, String compacts) {
        return new KafkaNode(
                Uuid.randomUuid().toString(),
                1,
                data,
                List.of(new Listener("PLAINTEXT", port, port)),
                Map.of(1, controllerPort),
                1,
                Map.of("log.cleaner.enable", compacts, "log.cleaner.dedupe.buffer.size", CLEANER_BYTES));
    }
}
