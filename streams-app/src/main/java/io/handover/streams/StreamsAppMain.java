package io.handover.streams;

import io.handover.service.ServiceMain;

/** Starts the application as a process. */
public final class StreamsAppMain {

    private StreamsAppMain() {}

    public static void main(String[] arguments) {
        new ServiceMain(
                        "handover-streams-app",
                        "decides when a handover has ended and who serves, from handover-events to handover-commands.",
                        "HANDOVER_KAFKA_BOOTSTRAP_SERVERS=localhost:9092",
                        StreamsApp.settings(),
                        StreamsApp::start)
                .runAndExit(arguments);
    }
}
