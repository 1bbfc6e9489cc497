package io.handover.history.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.handover.terminal.CommandException;
import io.handover.terminal.PrintableText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes the HTML page of a back-test: one file with charts, without scripts and without other files. */
public final class ReportPage {

    /** The greatest number of rows per list. More rows would make a browser slow. */
    static final int MAX_ROWS = 500;

    private ReportPage() {}

    /**
     * Writes the page to a temporary file and renames it, so that the file is never half written. An existing file is
     * replaced.
     *
     * @throws CommandException if the page cannot be written
     */
    public static void write(BacktestReport report, Path file) {
        requireWritable(file);
        Path unfinished = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(
                    unfinished, html(ReportView.of(report)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("The report cannot be written to " + file + ": " + reason(e), e);
        } finally {
            remove(unfinished);
        }
    }

    /**
     * Checks that the file is not a folder, and that its parent folder exists. Call this before a long run.
     *
     * @throws CommandException if the page could not be written
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

    /**
     * Renders the page. The templates are compiled to classes of this package. They escape every value as its place in
     * the page requires. Removing their indentation halves the size of the page.
     */
    private static String html(ReportView view) {
        TemplateEngine templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, ReportPage.class.getClassLoader(), ReportPage.class.getPackageName());
        StringOutput html = new StringOutput();
        templates.render("report.jte", view, html);
        return html.toString()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(PrintableText::of)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The style that the report shares with the page of streams-app. The build copies the file. */
    static String look() {
        try (InputStream look = ReportPage.class.getResourceAsStream("look.css")) {
            return new String(Objects.requireNonNull(look).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the first rows of a list, at most {@link #MAX_ROWS}. */
    static <T> List<T> listed(List<T> all) {
        return all.subList(0, Math.min(all.size(), MAX_ROWS));
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "access is denied." : String.valueOf(e.getMessage());
    }

    private static void remove(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // The file could not be written either, and that error has been reported.
        }
    }
}
