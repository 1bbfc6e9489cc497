package io.handover.setup.verify;

import static io.handover.setup.check.Finding.error;
import static io.handover.setup.check.Finding.ok;
import static io.handover.setup.check.Finding.warning;

import io.handover.setup.aws.EventPattern;
import io.handover.setup.check.Finding;
import io.handover.setup.check.Findings;
import io.handover.setup.settings.Secret;
import io.handover.setup.settings.SetupSettings;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * Sends one event that the bridge does not want, with the key: the bridge answers 200, counts it, and stores nothing.
 */
public final class BridgeCheck {

    private static final String CHECK = "bridge";
    private static final Duration SLOW = Duration.ofSeconds(2);

    private BridgeCheck() {}

    /** Adds what was found. */
    public static void run(SetupSettings settings, SSLContext tls, Findings findings) {
        Secret key = settings.key();
        if (key == null) {
            findings.add(Finding.unchecked(
                    CHECK, "no key is given", "Set api.key.file, or HANDOVER_API_KEY in the environment."));
            return;
        }
        findings.add(judged(settings, answer(settings, tls, key)));
    }

    /** Returns how the bridge answers to an event with this key. */
    public static BridgeRequest.Answer answer(SetupSettings settings, SSLContext tls, Secret key) {
        return new BridgeRequest(settings, tls, key, BridgeRequest.OWN_AGENT)
                .send(EventPattern.unwantedEvent(settings));
    }

    private static Finding judged(SetupSettings settings, BridgeRequest.Answer answer) {
        return switch (answer.status()) {
            case 200 -> accepted(answer);
            case 401, 407 ->
                error(
                        CHECK,
                        "refuses the key with " + answer.status(),
                        "Give the bridge the key of the file (api.key), and check api.key.header. With this answer"
                                + " EventBridge would stop to deliver for good.");
            case 403 ->
                error(
                        CHECK,
                        "answers 403 " + answer.outcome(),
                        "Set organization.id of the bridge to the suffix " + settings.suffix() + ".");
            case 404, 405 ->
                error(
                        CHECK,
                        "answers " + answer.status(),
                        "Correct endpoint.url; its path should be /handover/genesysCloudOM.");
            case 301, 302, 303, 307, 308 ->
                error(CHECK, "redirects", "EventBridge follows no redirect. Set endpoint.url to the final address.");
            case BridgeRequest.NO_ANSWER ->
                error(CHECK, answer.outcome(), "EventBridge gives up after 5 seconds and tries again.");
            default ->
                error(
                        CHECK,
                        "answers " + answer.status() + " " + answer.outcome(),
                        "Look at the log and at /health/ready of the bridge.");
        };
    }

    private static Finding accepted(BridgeRequest.Answer answer) {
        if (!answer.outcome().equals("unwanted-topic")) {
            return warning(
                    CHECK,
                    "answers 200, but not as the bridge does",
                    "Something before the bridge answers instead of it, and EventBridge would take its 200 as"
                            + " delivered.");
        }
        return answer.duration().compareTo(SLOW) > 0
                ? warning(
                        CHECK,
                        "takes the key, but after " + answer.duration().toMillis() + " ms",
                        "EventBridge gives up after 5 seconds.")
                : ok(CHECK, "takes the key, after " + answer.duration().toMillis() + " ms");
    }
}
