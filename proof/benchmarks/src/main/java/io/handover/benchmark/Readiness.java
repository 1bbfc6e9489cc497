package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The health of a process, as its management port states it. */
final class Readiness {

    private static final int OK = 200;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Readiness() {}

    /** Whether the process is ready. */
    static boolean isReady(int managementPort) {
        URI uri = URI.create("http://" + FreePorts.HOST + ":" + managementPort + "/health/ready");
        try {
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException e) {
            // The port is not open yet.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
