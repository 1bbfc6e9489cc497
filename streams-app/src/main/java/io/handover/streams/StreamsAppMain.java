package io.handover.streams;

import io.handover.service.ServiceMain;

/** Starts the application as a process. */
public final class StreamsAppMain {

    private StreamsAppMain() {}

    public static void main(String[] arguments) {
        new ServiceMain(
                        "streams-app",
                        "decides from the events in Kafka when a handover has ended, and which agent serves.",
                        "HANDOVER_KAFKA_BOOTSTRAP_SERVERS=localhost:9092",
                        StreamsApp.settings(),
                        StreamsApp::start)
                .runAndExit(arguments);
    }
}
