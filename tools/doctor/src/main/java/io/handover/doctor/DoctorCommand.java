package io.handover.doctor;

import io.handover.ingress.IngressBridge;
import io.handover.service.CheckResult;
import io.handover.service.CheckResult.Severity;
import io.handover.service.ClusterNeeds;
import io.handover.service.KafkaCheck;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SharedSettings;
import io.handover.streams.StreamsApp;
import io.handover.terminal.ClientProperties;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover doctor}. */
@Command(
        name = "doctor",
        description = {
            "Checks the topics of a cluster as ingress-bridge and streams-app do at their start. Starts nothing, and"
                    + " changes nothing.",
            "",
            "The settings are those of the processes: from the files, and from the variables HANDOVER_* of the"
                    + " environment."
        },
        customSynopsis = "./handover doctor --bootstrap-server HOST:PORT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no error; both processes would start",
            "1:an error, or Kafka does not answer",
            "2:wrong usage or settings"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Check the default topics:",
            "    ./handover doctor --bootstrap-server localhost:9092",
            "  Check an installation with the settings files of its processes:",
            "    ./handover doctor --bridge-config bridge.properties --app-config app.properties",
            "  Check with TLS and SASL:",
            "    ./handover doctor --bootstrap-server kafka:9093 --command-config client.properties"
        })
public final class DoctorCommand implements Callable<Integer> {

    private static final String BRIDGE = "ingress-bridge";
    private static final String APP = "streams-app";
    private static final String ROW = "%-15s  %-24s  %-23s  %-22s  %s";

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "The address of Kafka; several are separated by commas.")
    @Nullable
    String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "A properties file with further settings of the Kafka clients, such as TLS and SASL.")
    @Nullable
    Path commandConfig;

    @Option(names = "--bridge-config", paramLabel = "FILE", description = "The settings file of ingress-bridge.")
    @Nullable
    Path bridgeConfig;

    @Option(names = "--app-config", paramLabel = "FILE", description = "The settings file of streams-app.")
    @Nullable
    Path appConfig;

    public DoctorCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        Settings bridge = load(IngressBridge.settings(), bridgeConfig);
        Settings app = load(StreamsApp.settings(), appConfig);
        Map<CheckResult, String> processes = new LinkedHashMap<>();
        check(bridge, IngressBridge.needs(bridge)).forEach(result -> processes.put(result, BRIDGE));
        // The bridge serves deliveries without its agent directory.
        IngressBridge.directoryNeeds(bridge)
                .ifPresent(needs -> check(bridge, needs).stream()
                        .filter(result -> !processes.containsKey(result))
                        .map(CheckResult::asWarning)
                        .forEach(result -> processes.put(result, BRIDGE)));
        check(app, StreamsApp.needs(app)).forEach(result -> processes.merge(result, APP, (one, other) -> "both"));
        print(bridge.getString(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG), processes);
        return processes.keySet().stream().anyMatch(CheckResult::isError)
                ? CommandRunner.EXIT_FAILURE
                : CommandRunner.EXIT_OK;
    }

    private static List<CheckResult> check(Settings settings, ClusterNeeds needs) {
        return KafkaCheck.once(settings, needs);
    }

    private Settings load(SettingsDefinition definition, @Nullable Path file) {
        Map<String, String> overrides = new HashMap<>();
        Properties client = ClientProperties.read(commandConfig);
        client.stringPropertyNames()
                .forEach(key -> overrides.put(SharedSettings.KAFKA_PREFIX + key, client.getProperty(key)));
        if (bootstrapServer != null) {
            overrides.put(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        }
        return definition.load(file, System.getenv(), overrides);
    }

    private void print(String bootstrapServers, Map<CheckResult, String> processes) {
        out.println("Cluster " + bootstrapServers);
        out.println();
        out.println(ROW.formatted("process", "topic", "check", "value", "result"));
        processes.forEach((result, process) -> out.println(
                ROW.formatted(process, result.subject(), result.check().label(), result.value(), word(result))));
        List<CheckResult> problems = new ArrayList<>();
        for (Severity severity : List.of(Severity.ERROR, Severity.WARNING)) {
            processes.keySet().stream()
                    .filter(result -> result.severity() == severity)
                    .forEach(problems::add);
        }
        out.println();
        if (problems.isEmpty()) {
            out.println("Everything is as it should be.");
        }
        problems.forEach(problem -> out.println(word(problem) + ": " + problem.sentence()));
    }

    private static String word(CheckResult result) {
        return result.severity().name().toLowerCase(Locale.ROOT);
    }
}
