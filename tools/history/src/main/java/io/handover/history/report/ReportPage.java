package io.handover.history.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.handover.terminal.CommandException;
import io.handover.terminal.PrintableText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The page of a back-test: one HTML file with charts, which needs neither a network nor a script. */
public final class ReportPage {

    /** More rows per list make a browser slow. */
    static final int MAX_ROWS = 500;

    private ReportPage() {}

    /**
     * Writes the page. A file of that name is replaced at once, so that there is never half a page.
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
     * Checks beforehand, as far as possible, that the page can be written.
     *
     * @throws CommandException if it cannot
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
     * Renders the templates, which are compiled to classes of this package and escape every value by its place in the
     * page. The indentation of the templates, which would double the page, is left out.
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

    /** The part of a list that the page shows. */
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
            // A file that cannot be removed could not be written either, which has been reported.
        }
    }
}
