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
import java.util.UUID;
import javax.net.ssl.SSLContext;

/**
 * Sends one event that the bridge does not want, with the key: the bridge answers 200, counts it, and stores nothing.
 */
public final class BridgeCheck {

    private static final String CHECK = "bridge";
    private static final String WRONG_KEY = "a wrong key";
    private static final Duration SLOW = Duration.ofSeconds(2);

    private BridgeCheck() {}

    /** Adds what was found. */
    public static void run(SetupSettings settings, SSLContext tls, Findings findings) {
        Secret key = settings.key();
        if (key == null) {
            findings.add(warning(
                    CHECK,
                    "not asked, because no key is given",
                    "Set api.key.file, or HANDOVER_API_KEY in the environment."));
            return;
        }
        findings.add(judged(settings, answer(settings, tls, key)));
    }

    /**
     * Sends a wrong key as EventBridge would. The bridge counts it as a failed delivery, and its alert may be raised.
     */
    public static void runWithWrongKey(SetupSettings settings, SSLContext tls, Findings findings) {
        Secret wrong = new Secret("wrong-" + UUID.randomUUID());
        BridgeRequest.Answer answer = new BridgeRequest(settings, tls, wrong, BridgeRequest.EVENTBRIDGE_AGENT)
                .send(EventPattern.unwantedEvent(settings));
        findings.add(
                switch (answer.status()) {
                    case 503 -> ok(WRONG_KEY, "gets 503, after which EventBridge tries again");
                    case 401, 407 ->
                        error(
                                WRONG_KEY,
                                "gets " + answer.status() + ", after which EventBridge delivers nothing any more",
                                "Something before the bridge answers in its place, or changes the User-Agent. Let it pass"
                                        + " the User-Agent on.");
                    default ->
                        error(
                                WRONG_KEY,
                                "gets " + answer.status() + " " + answer.outcome(),
                                "Look at what is before the bridge, and at its setting authentication.");
                });
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
                        "Give the bridge the key of the file (api.key), and check api.key.header.");
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
