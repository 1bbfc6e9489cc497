package io.handover.history.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void shouldSayInWordsWhatTheNumbersMean() {
        // Given, When
        String table = table(SampleReport.of(5, 20));

        // Then
        assertThat(table)
                .contains(
                        "84,483 deliveries of 5,000 conversations, from 2026-03-02 08:00:00 to 2026-03-03 08:00:00 UTC")
                .contains("5s: 100 of 2,100 handovers (4.8 %) ended too early")
                .contains("20s: 28 too early (1.4 %), 72 fewer than with 5s, at the price of")
                .contains("Too early with 20s, the first 3 of 28:")
                .contains("./handover explain ID SOURCE");
        assertThat(row(table, "ended too early")).containsExactly("100", "28");
        assertThat(row(table, "a flow still had it")).containsExactly("0", "0");
        assertThat(row(table, "an agent came back")).containsExactly("33", "9");
        assertThat(row(table, "never ended")).containsExactly("3", "3");
        assertThat(row(table, "agent-updated")).containsExactly("4,321", "4,321");
    }

    @Test
    void shouldPrintHowManyHandoversNeverEndedEvenIfThereAreNone() {
        // Given, When
        String table = table(SampleReport.of().setting("5s", 5, new Tally()));

        // Then
        assertThat(row(table, "never ended")).containsExactly("0");
    }

    @Test
    void shouldShowTheSilenceOfExpiredHandoversApartFromTheOthers() {
        // Given
        Tally tally = new Tally();
        tally.endedByReason.put("expired", 1L);
        tally.endedByReason.put("agent-left", 1L);
        tally.lateExpired.recordValue(4 * 86_400_000L);
        tally.late.recordValue(2_000);

        // When
        String table = table(SampleReport.of().setting("5s", 5, tally));

        // Then
        assertThat(row(table, "silence longer than needed, average")).containsExactly("2.0 s");
        assertThat(row(table, "of expired handovers, average")).containsExactly("4 d");
        assertThat(row(table, "ended 1 s or more later than needed")).containsExactly("2");
        assertThat(table).contains("1 handover expired, after 4 d of silence on average.");
    }

    @Test
    void shouldFitTwelveSettingsWithLongNames() {
        // Given
        SampleReport report = SampleReport.of(1, 2, 3, 4, 5, 6, 8, 10, 15, 20);
        report.setting("10s+after.call.work.timeout.ms=60000+out.of.order.grace.ms=1", 10, new Tally());

        // When
        String table = table(report);

        // Then
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void shouldSayThatThereWereNoDeliveries() {
        // Given, When
        String table = table(SampleReport.empty());

        // Then
        assertThat(table).contains("0 deliveries of 0 conversations.", "There was no delivery to judge a setting by.");
        assertThat(row(table, "longest")).containsExactly("-");
    }

    @Test
    void shouldNotPrintControlCharacters() {
        // Given
        Tally tally = new Tally();
        tally.premature.add(SampleReport.premature("\u001b[2J\u202eevil", 0));
        tally.endedByReason.put("transfer-timeout", 1L);

        // When
        String table = table(SampleReport.of().setting("5s", 5, tally));

        // Then
        assertThat(table).contains("?[2J?evil").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void shouldShowTheDifferencesFromAnotherBuild() {
        // Given
        AgainstResult against = new AgainstResult(
                "old.ndjson", 9, List.of(new AgainstResult.Difference("conversation-1", "{old}", "{new}")), 0, 0, 1);

        // When
        String table = table(SampleReport.of(5).against(against));

        // Then
        assertThat(table)
                .contains("Against old.ndjson: 9 commands the same; 0 missing here, 0 additional here, 1 changed.")
                .contains("  - {old}\n  + {new}\n");
    }

    private static List<String> row(String table, String label) {
        return table.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(label + "  "))
                .findFirst()
                .map(line -> List.of(line.substring(label.length()).strip().split(" {2,}", -1)))
                .orElse(List.of());
    }

    private static String table(SampleReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ReportTable.write(report.report(), out);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
