package io.handover.history.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page without a browser; the rest is in {@link ReportPageIT}. */
class ReportPageTest {

    @TempDir
    Path folder;

    @Test
    void shouldEscapeNamesThatAreNotTrusted() throws IOException {
        // Given, When
        String page = page(SampleReport.of(5).hostile().report());

        // Then
        assertThat(page)
                .doesNotContain("<script", "<img")
                .containsOnlyOnce("</style>")
                .contains(
                        "<title>Back-test: 5s, &lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert('1')&lt;/script&gt;",
                        "onerror=&#34;alert(2)&#34;");
    }

    @Test
    void shouldLimitTheRowsOfALongList() throws IOException {
        // Given
        Tally tally = new Tally();
        for (int i = 0; i < 777; i++) {
            tally.premature.add(SampleReport.premature("many-" + i, i));
        }
        tally.endedByReason.put("transfer-timeout", 777L);

        // When
        String page = page(SampleReport.of().setting("5s", 5, tally).report());

        // Then
        assertThat(page).contains("many-499<", "And 277 more: ./handover backtest --json lists them.");
        assertThat(page).doesNotContain("many-500<");
    }

    @Test
    void shouldReplaceAnOlderPageAndLeaveNothingElse() throws IOException {
        // Given
        page(SampleReport.of(5).report());

        // When
        String page = page(SampleReport.empty().report());

        // Then
        assertThat(page).contains("There was no delivery to judge a setting by.");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("report.html"));
        }
    }

    @Test
    void shouldSayInASentenceThatItCannotBeWritten() {
        // Given
        BacktestReport report = SampleReport.of(5).report();
        Path file = folder.resolve("missing").resolve("report.html");

        // When, Then
        assertThatThrownBy(() -> ReportPage.write(report, file))
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        "The report cannot be written to " + file + ": there is no folder " + file.getParent() + ".");
        assertThatThrownBy(() -> ReportPage.write(report, folder))
                .isInstanceOf(CommandException.class)
                .hasMessage("The report cannot be written to " + folder + ": it is a folder.");
    }

    private String page(BacktestReport report) throws IOException {
        Path file = folder.resolve("report.html");
        ReportPage.write(report, file);
        return Files.readString(file);
    }
}
