package io.handover.torture;

import io.handover.terminal.DurationText;
import io.handover.torture.FaultInjector.PastFault;
import io.handover.torture.PlannedDelivery.Repetition;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints the ledger of a run, together with its load and its faults. */
final class Report {

    /** A line that a streams app logs after a rebalance of its group. */
    private static final Pattern GENERATION =
            Pattern.compile("joined group with generation Generation\\{generationId=(\\d+)");

    private final TortureRun.Settings settings;
    private final Load load;
    private final AttemptCounts attempts;
    private final FaultInjector faults;
    private final CommandWatch watch;
    private final GenesysAnswers genesys;
    private final Deployment deployment;
    private final Ledger ledger;
    private final long ticks;

    Report(
            TortureRun.Settings settings,
            Load load,
            AttemptCounts attempts,
            FaultInjector faults,
            CommandWatch watch,
            GenesysAnswers genesys,
            Deployment deployment,
            Ledger ledger,
            long ticks) {
        this.settings = settings;
        this.load = load;
        this.attempts = attempts;
        this.faults = faults;
        this.watch = watch;
        this.genesys = genesys;
        this.deployment = deployment;
        this.ledger = ledger;
        this.ticks = ticks;
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "seed %d, %.1f minutes%n",
                settings.seed(),
                settings.load().toMillis() / 60_000.0);
        printLoad(out);
        printFaults(out);
        out.printf("commands%n");
        row(out, "conversations in the log", ledger.conversations());
        row(out, "undisturbed conversations", ledger.undisturbed());
        row(out, "conversations mixed up by outages", ledger.excused());
        row(out, "expected commands", ledger.expected());
        row(out, "commands in the topic", ledger.seen());
        row(out, "expired handovers", ledger.expired());
        row(out, "clock ticks in the log", ticks);
        List<Long> late = watch.latenesses();
        if (!late.isEmpty()) {
            out.printf(
                    "  %-50s median %d ms, p99 %d ms, max %d ms%n",
                    "time from decision to consumer",
                    late.get(late.size() / 2),
                    late.get(late.size() * 99 / 100),
                    late.get(late.size() - 1));
        }
        printProfiles(out);
        out.printf("what must be 0%n");
        ledger.byTitle().forEach((title, count) -> row(out, title, count));
        ledger.descriptions().forEach(finding -> out.printf("%n%s%n", finding));
        out.printf("%n%s%n", ledger.verdict());
    }

    private void printLoad(PrintStream out) {
        out.printf("load%n");
        row(out, "conversations", load.begun());
        row(out, "events in them", load.events());
        row(
                out,
                "deliveries",
                Stream.of(Repetition.values()).mapToInt(load::planned).sum());
        row(out, "  repeated with the same envelope", load.planned(Repetition.SAME_ID));
        row(out, "  repeated with a new envelope", load.planned(Repetition.NEW_ID));
        row(out, "attempts", attempts.attempts());
        row(out, "answered with 2xx", ledger.deliveries());
        attempts.failuresByResult().forEach((result, count) -> row(out, "failed attempts: " + result, count));
    }

    private void printProfiles(PrintStream out) {
        out.printf("names of agents%n");
        row(out, "lookups in the topic", ledger.lookups());
        row(out, "lookups without a profile: refused by Genesys", ledger.refusedLookups());
        row(out, "profiles in the log", ledger.profiles());
        row(out, "announcements with a name at once", ledger.namedAtOnce());
        row(out, "names told later", ledger.namedLater());
        genesys.byStatus()
                .forEach((status, count) ->
                        row(out, "requests to Genesys: " + (status == 0 ? "not answered" : status), count));
    }

    private void printFaults(PrintStream out) {
        out.printf("faults, and the time to full recovery%n");
        Map<FaultKind, List<PastFault>> byKind = faults.past().stream()
                .collect(Collectors.groupingBy(past -> past.fault().kind()));
        for (FaultKind kind : FaultKind.values()) {
            List<PastFault> past = byKind.getOrDefault(kind, List.of());
            if (!past.isEmpty()) {
                out.printf(
                        "  %-50s %d: %s%n",
                        kind.title(),
                        past.size(),
                        past.stream()
                                .map(one -> one.victim() + ' ' + DurationText.of(one.recovery()))
                                .collect(Collectors.joining(", ")));
            }
        }
        row(out, "generations of the consumer group", generations());
        deployment.all().forEach(process -> process.ends().forEach(end -> out.printf("  %s%n", end)));
    }

    private long generations() {
        return deployment.apps().stream()
                .mapToLong(Report::newestGeneration)
                .max()
                .orElse(0);
    }

    private static long newestGeneration(ChildProcess app) {
        try (Stream<String> lines = Files.lines(app.log())) {
            return lines.map(GENERATION::matcher)
                    .filter(Matcher::find)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the log of " + app.name() + ", but failed", e);
        }
    }

    private static void row(PrintStream out, String title, long count) {
        out.printf("  %-50s %d%n", title, count);
    }
}
