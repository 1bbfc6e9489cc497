package io.handover.setup.verify;

import static io.handover.setup.check.Finding.error;
import static io.handover.setup.check.Finding.ok;
import static io.handover.setup.check.Finding.warning;

import io.handover.genesys.EventBridgeIntegration;
import io.handover.setup.check.Findings;
import io.handover.setup.integration.Integration;
import io.handover.setup.settings.SetupSettings;
import java.util.List;
import java.util.Set;

/** The checks of verify in Genesys. They only read. */
public final class IntegrationChecks {

    private static final String CHECK = "Genesys integration";

    private IntegrationChecks() {}

    /** Runs all checks. */
    public static void run(SetupSettings settings, Integration integration, Findings findings) {
        EventBridgeIntegration found = integration.describe().orElse(null);
        if (found == null) {
            findings.add(error(CHECK, "missing", "Run ./handover setup apply."));
            return;
        }
        if (!integration.sendsToOurSource(found)) {
            findings.add(error(
                    CHECK,
                    "sends to another account, region or suffix",
                    "Correct the file, or run ./handover setup plan."));
        }
        if (!found.intendedState().equals("ENABLED")) {
            findings.add(error(CHECK, "is " + found.intendedState(), "Run ./handover setup apply, or enable it."));
        } else if (found.reportedState().equals("ACTIVATING")) {
            findings.add(warning(CHECK, "is ACTIVATING", "Wait a minute, and verify again."));
        } else if (!found.reportedState().equals("ACTIVE")) {
            findings.add(error(
                    CHECK,
                    "is enabled, but Genesys reports " + found.reportedState(),
                    "Check account, region and suffix in Genesys, and whether the event source exists in AWS."));
        }
        List<String> sent = found.configuration().topics();
        List<String> missing = settings.topics().stream()
                .filter(topic -> !sent.contains(topic))
                .toList();
        if (!missing.isEmpty()) {
            findings.add(error(
                    CHECK,
                    "does not send " + String.join(", ", missing),
                    "Run ./handover setup apply, or add the topics in Genesys."));
        }
        findings.addOkUnlessProblem(CHECK, "ACTIVE, " + sent.size() + " topics");
        topics(settings, integration, findings);
    }

    private static void topics(SetupSettings settings, Integration integration, Findings findings) {
        Set<String> available = integration.availableTopics();
        List<String> unavailable = settings.topics().stream()
                .filter(topic -> !available.contains(topic))
                .toList();
        findings.add(
                unavailable.isEmpty()
                        ? ok("topics of Genesys", "all can be sent to EventBridge")
                        : error(
                                "topics of Genesys",
                                "cannot be sent to EventBridge: " + String.join(", ", unavailable),
                                "Remove them from the setting topics."));
    }
}
