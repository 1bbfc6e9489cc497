package io.handover.quickstart;

import java.io.PrintStream;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;

/** Prints a curl command that sends a delivery. */
final class CurlExample {

    private final URI endpoint;
    private final QuickstartOptions options;

    CurlExample(URI endpoint, QuickstartOptions options) {
        this.endpoint = endpoint;
        this.options = options;
    }

    void print(PrintStream err) {
        String organization =
                Objects.requireNonNullElse(QuickstartSettings.acceptedOrganization(options), Samples.ORGANIZATION);
        // An API key that the user chose is a secret.
        String apiKey = options.settings.containsKey("api.key") ? "YOUR-API-KEY" : QuickstartSettings.apiKey(options);
        err.println("""
                Send your own deliveries. This one says that an agent is alerted:

                curl -i %s \\
                  -H 'Authorization: %s' -H 'Content-Type: application/json' -d '
                  {"source":"aws.partner/genesys.com/cloud/my-genesys/%s",
                   "detail":{"topicName":"v2.detail.events.conversation.%s.user.start",
                             "eventBody":{"eventTime":'$(date +%%s)'000,"sessionId":"session-1","userId":"c1e00000-0000-4000-8000-000000000003"}}}'

                Replace user.start by customer.end to end the handover. Press Ctrl-C to stop.
                """.formatted(endpoint, apiKey, organization, UUID.randomUUID()));
    }
}
