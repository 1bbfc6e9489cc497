package io.handover.ingress;

import io.handover.service.ServiceMain;

/** The main class of the bridge process. */
public final class IngressBridgeMain {

    private IngressBridgeMain() {}

    public static void main(String[] arguments) {
        new ServiceMain(
                        "ingress-bridge",
                        "receives Genesys events from EventBridge and writes them to Kafka.",
                        "HANDOVER_KAFKA_BOOTSTRAP_SERVERS=localhost:9092 HANDOVER_API_KEY=change-me"
                                + " HANDOVER_ORGANIZATION_ID=my-organization",
                        IngressBridge.settings(),
                        (settings, fatal) -> IngressBridge.start(settings))
                .runAndExit(arguments);
    }
}
