package io.handover.quickstart;

import java.io.PrintStream;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;

/** What to type to send a delivery of one's own. */
final class CurlExample {

    private final URI endpoint;
    private final QuickstartOptions options;

    CurlExample(URI endpoint, QuickstartOptions options) {
        this.endpoint = endpoint;
        this.options = options;
    }

    void tell(PrintStream err) {
        String organization =
                Objects.requireNonNullElse(QuickstartSettings.acceptedOrganization(options), Samples.ORGANIZATION);
        // A key that somebody chose is theirs to know, not ours to show.
        String apiKey = options.settings.containsKey("api.key") ? "YOUR-API-KEY" : QuickstartSettings.apiKey(options);
        err.println("""
                Now yours. An agent takes a chat:

                curl -i %s \\
                  -H 'Authorization: %s' -H 'Content-Type: application/json' -d '
                  {"source":"aws.partner/genesys.com/cloud/my-genesys/%s",
                   "detail":{"topicName":"v2.detail.events.conversation.%s.user.start",
                             "eventBody":{"eventTime":'$(date +%%s)'000,"sessionId":"session-1","userId":"agent-1"}}}'

                The same with customer.end instead of user.start ends it. Ctrl-C stops.
                """.formatted(endpoint, apiKey, organization, UUID.randomUUID()));
    }
}
