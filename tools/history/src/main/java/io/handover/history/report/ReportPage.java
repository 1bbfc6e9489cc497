package io.handover.history.report;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A back-test as one HTML file with charts, which needs neither a network nor a script. */
public final class ReportPage {

    private static final String STYLE = "report.css";

    private final BacktestReport report;
    private final Markup page = new Markup();

    private ReportPage(BacktestReport report) {
        this.report = report;
    }

    /**
     * Writes it; there is never half a page under that name.
     *
     * @throws CommandException if it cannot be written
     */
    public static void write(BacktestReport report, Path file) {
        requireWritable(file);
        byte[] html = new ReportPage(report).html().getBytes(StandardCharsets.UTF_8);
        Path unfinished = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.write(unfinished, html, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("The report cannot be written to " + file + ": " + reason(e), e);
        } finally {
            remove(unfinished);
        }
    }

    /**
     * Whether a page can stand there, as far as that shows beforehand.
     *
     * @throws CommandException if not
     */
    public static void requireWritable(Path file) {
        if (Files.isDirectory(file)) {
            throw new CommandException("The report cannot be written to " + file + ": it is a folder.");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new CommandException(
                    "The report cannot be written to " + file + ": there is no folder " + folder + '.');
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "access is denied." : String.valueOf(e.getMessage());
    }

    private static void remove(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // Where it cannot be removed it could not be written, which has been told.
        }
    }

    private String html() {
        page.open("html", "lang", "en");
        head();
        page.open("body").open("main");
        summary();
        charts();
        numbers();
        new ReportLists(page, report).write();
        words();
        page.close().close().close();
        return page.toString();
    }

    private void head() {
        page.open("head")
                .empty("meta", "charset", "utf-8")
                // Nothing is loaded and nothing runs, whatever a conversation is called.
                .empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'unsafe-inline'")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "color-scheme", "content", "light dark")
                .element("title", "Back-test: " + names())
                .style(style())
                .close();
    }

    private String names() {
        return String.join(
                ", ",
                report.results().stream().map(result -> result.setting().name()).toList());
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(ReportPage.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected the style sheet beside the class, but it cannot be read", e);
        }
    }

    private void summary() {
        page.open("header")
                .element("p", "Handover · back-test", "class", "kicker")
                .element("h1", question())
                .element("p", ReportFindings.read(report))
                .element("p", String.join(", ", report.sources()), "class", "sources")
                .close();
        page.open("section").element("h2", "What came of it").open("ul", "class", "findings");
        ReportFindings.sentences(report).forEach(sentence -> page.element("li", sentence));
        page.close().close();
    }

    private String question() {
        if (report.results().size() == 1) {
            return "What would it have done?";
        }
        return ReportFindings.comparesTimeouts(report) ? "Which transfer timeout?" : "Which setting?";
    }

    private void charts() {
        page.open("section", "class", "charts");
        if (TradeOffChart.hasPoints(report)) {
            figure("Too early, against too late", "Down is better, and so is left.");
            TradeOffChart.draw(page, report);
            page.close();
        }
        if (report.toldGaps().getTotalCount() + report.untoldGaps().getTotalCount() > 0) {
            figure("Gaps between agents", "A gap that outlasts the transfer timeout may be taken for the end.");
            GapsChart.draw(page, report);
            legend("gap-", List.of("nothing told that an agent would come", "a transfer or a queue told it"));
            page.close();
            gaps();
        }
        page.close();
    }

    private void figure(String title, String words) {
        page.open("figure")
                .open("figcaption")
                .element("h2", title)
                .element("p", words)
                .close();
    }

    private void legend(String style, List<String> words) {
        page.open("ul", "class", "legend");
        for (int i = 0; i < words.size(); i++) {
            page.open("li")
                    .element("span", "", "class", "swatch " + style + i)
                    .text(words.get(i))
                    .close();
        }
        page.close();
    }

    private void gaps() {
        long told = report.toldGaps().getTotalCount();
        long untold = report.untoldGaps().getTotalCount();
        page.open("div", "class", "beside").open("table", "id", "gaps");
        page.element("caption", "Gaps that are shorter than a transfer timeout");
        row("thead", "th", List.of("timeout", "untold", "told"));
        page.open("tbody");
        for (long timeout : ReportFindings.transferTimeouts(report)) {
            cells(
                    ReportWords.round(timeout),
                    List.of(
                            ReportWords.share(ReportFindings.shorter(report.untoldGaps(), timeout), untold),
                            ReportWords.share(ReportFindings.shorter(report.toldGaps(), timeout), told)));
        }
        cells("of", List.of(ReportWords.count(untold), ReportWords.count(told)));
        page.close().close().close();
    }

    private void numbers() {
        page.open("section").element("h2", "All numbers");
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "All numbers");
        page.open("table", "id", "numbers").element("caption", "What each setting would have done");
        List<String> heads = new ArrayList<>(List.of(""));
        report.results().forEach(result -> heads.add(result.setting().name()));
        row("thead", "th", heads);
        page.open("tbody");
        for (ReportRow row : ReportRow.all(report)) {
            page.open("tr").element("th", row.label(), "scope", "row", "class", "depth-" + row.depth());
            row.cells().forEach(cell -> page.element("td", cell));
            page.close();
        }
        page.close().close().close().close();
    }

    private void row(String part, String element, List<String> cells) {
        page.open(part).open("tr");
        cells.forEach(cell -> page.element(element, cell, "scope", "col"));
        page.close().close();
    }

    private void cells(String head, List<String> cells) {
        page.open("tr").element("th", head, "scope", "row");
        cells.forEach(cell -> page.element("td", cell));
        page.close();
    }

    private void words() {
        page.open("section").element("h2", "Words").open("dl");
        word(
                "too early",
                "A handover that ended while an agent was there, or while it waited in a queue; or an agent started within "
                        + ReportWords.duration(report.returnWithin())
                        + " after it, without the customer having begun or ended a session between. All that was told"
                        + " of the conversation counts, also what was told only afterwards. An end by the customer is"
                        + " never too early.");
        word(
                "silence longer than needed",
                "From when the last agent or queue was done with the conversation until the handover ended, which is when"
                        + " the bot may speak again: after-call work included, and how long deliveries took. Of ends"
                        + " that were not too early. Less than a second cannot be told, because EventBridge's times are"
                        + " whole seconds.");
        word("half, 90 %, 99 %", "So many of the ends had this silence or less; half is the median.");
        word(
                "never ended",
                "A handover in which an agent or a queue took part, that was still open when its conversation was"
                        + " forgotten, because nothing told its end.");
        word(
                "gap",
                "A time in which no agent had the conversation, between one and the next who came within "
                        + ReportWords.duration(report.returnWithin())
                        + ". It is told if the first one left by a transfer, or if the conversation waited in a queue"
                        + " meanwhile; of an untold gap only a timeout can tell whether it is the end.");
        word(
                "transfer timeout",
                "How long an end is held because the conversation may only be moving between queues or agents.");
        word(
                "ends otherwise",
                "A conversation whose handovers end for other reasons, or by other events, than with the first setting."
                        + " When they were ended is not compared.");
        page.close().close();
    }

    private void word(String word, String meaning) {
        page.element("dt", word).element("dd", meaning);
    }
}
