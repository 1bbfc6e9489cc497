package io.handover.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.KafkaNode;
import io.handover.ingress.IngressBridgeMain;
import io.handover.streams.StreamsAppMain;
import io.handover.terminal.ParentWatch;
import java.io.File;
import java.io.IOException;

/**
 * The main class of every process of a run. The first argument is the role of the process. The process ends when the
 * process that started it has ended, even by SIGKILL.
 */
public final class ChildMain {

    static final String BROKER = "broker";
    static final String STREAMS_APP = "streams-app";
    static final String INGRESS_BRIDGE = "ingress-bridge";

    private ChildMain() {}

    /**
     * Runs the role in the first argument. For a broker, the second argument is the file with its {@link KafkaNode}.
     */
    public static void main(String[] arguments) throws IOException {
        ParentWatch.start();
        switch (arguments[0]) {
            case BROKER -> EmbeddedKafka.start(new ObjectMapper().readValue(new File(arguments[1]), KafkaNode.class));
            case STREAMS_APP -> StreamsAppMain.main(new String[0]);
            case INGRESS_BRIDGE -> IngressBridgeMain.main(new String[0]);
            default -> throw new IllegalArgumentException("Expected a role, but got " + arguments[0]);
        }
    }
}
