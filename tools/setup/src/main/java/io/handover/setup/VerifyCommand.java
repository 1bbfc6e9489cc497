package io.handover.setup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.setup.aws.AwsChecks;
import io.handover.setup.aws.Canary;
import io.handover.setup.check.Finding;
import io.handover.setup.check.Finding.Severity;
import io.handover.setup.check.Findings;
import io.handover.setup.integration.Integration;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.setup.settings.SetupSettings;
import io.handover.setup.verify.BridgeCheck;
import io.handover.setup.verify.BridgeMetrics;
import io.handover.setup.verify.IntegrationChecks;
import io.handover.setup.verify.Tls;
import io.handover.setup.verify.TlsCheck;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.PrintableText;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup verify}. */
@Command(
        name = "verify",
        description = {
            "Checks the whole way from Genesys to the bridge: one line per check, with what to do about a problem. It"
                    + " changes nothing; the bridge gets one test event, which it counts and does not store.",
            "",
            "With --canary, EventBridge itself sends a test event: a rule on a schedule is made for a minute or two, and"
                    + " removed. And one event is sent with a wrong key, which the bridge counts as failed."
        },
        customSynopsis = "./handover setup verify [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no error", "1:an error, or something could not be checked", "2:wrong usage or settings"},
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover setup verify",
            "  With a test event through EventBridge, as JSON:",
            "    ./handover setup verify --canary --json",
            "  Every half minute, until Ctrl-C:",
            "    ./handover setup verify --watch"
        })
final class VerifyCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SetupOptions options = new SetupOptions();

    @Mixin
    OnlyOption only = new OnlyOption();

    @Option(
            names = "--canary",
            description = "Send test events, one of them through EventBridge. Needs bridge.metrics.urls.")
    boolean canary;

    @Option(names = "--watch", description = "Check every half minute until Ctrl-C.")
    boolean watch;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    VerifyCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, only.half, waiting)) {
                List<Finding> found;
                @Nullable AwsChecks aws = setup.hasAws() ? new AwsChecks(setup.account(), setup.aws(), waiting) : null;
                do {
                    found = verify(setup, aws).all();
                    out.println(json ? json(found) : text(found));
                } while (watch && !waiting.stop().await(PAUSE));
                return found.stream().anyMatch(VerifyCommand::isFailure)
                        ? CommandRunner.EXIT_FAILURE
                        : CommandRunner.EXIT_OK;
            }
        });
    }

    private Findings verify(OpenSetup setup, @Nullable AwsChecks aws) {
        Findings findings = new Findings();
        SetupSettings settings = setup.settings();
        Integration integration = setup.integration();
        if (integration != null) {
            findings.check("Genesys integration", found -> IntegrationChecks.run(settings, integration, found));
        }
        if (aws != null) {
            aws.run(findings);
            SSLContext tls = Tls.publicAuthorities();
            if (new TlsCheck(settings.endpoint(), tls).run(findings)) {
                findings.check("bridge", found -> BridgeCheck.run(settings, tls, found));
                if (canary) {
                    BridgeCheck.runWithWrongKey(settings, tls, findings);
                }
            }
            if (canary) {
                canary(setup, findings);
            }
        }
        return findings;
    }

    private void canary(OpenSetup setup, Findings findings) {
        findings.check("canary", found -> {
            Canary rule = new Canary(setup.account(), setup.aws(), waiting);
            rule.remove();
            List<URI> urls = setup.settings().bridgeMetrics();
            if (urls.isEmpty()) {
                found.add(Finding.unchecked(
                        "canary",
                        "nobody would see it arrive",
                        "Set bridge.metrics.urls to the metrics of the bridges."));
                return;
            }
            rule.run(found, new BridgeMetrics(urls)::unwantedMedia);
        });
    }

    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String style = switch (finding.severity()) {
                case OK -> "fg(green)";
                case WARNING, UNCHECKED -> "fg(yellow)";
                case ERROR -> "bold,fg(red)";
            };
            String word = String.format(Locale.ROOT, "%-9s", word(finding));
            text.append(Ansi.AUTO.new Text("@|" + style + " " + word + "|@"))
                    .append(String.format(Locale.ROOT, "  %-24s  ", finding.check()))
                    .append(PrintableText.of(finding.found()));
            if (!finding.advice().isEmpty()) {
                text.append(finding.found().endsWith(".") ? " " : ". ").append(PrintableText.of(finding.advice()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** What could not be checked may be wrong. */
    private static boolean isFailure(Finding finding) {
        return finding.severity() == Severity.ERROR || finding.severity() == Severity.UNCHECKED;
    }

    private static String word(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String json(List<Finding> findings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var list = json.putArray("findings");
        findings.forEach(finding -> list.addObject()
                .put("check", finding.check())
                .put("severity", word(finding))
                .put("found", finding.found())
                .put("advice", finding.advice()));
        return json.toPrettyString();
    }
}
