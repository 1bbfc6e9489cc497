package io.handover.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The runbook, and its commands that need nothing but the two processes. */
final class Runbook {

    static final Path FILE = Path.of("..", "..", "docs", "runbook.md");

    /** A command is a line of a block, or is written in a sentence. */
    private static final Pattern CURL = Pattern.compile("(?m)^curl .*$|(?<=`)curl [^`]*(?=`)");

    private Runbook() {}

    /** The commands that ask a process, as they are written. */
    static List<String> questions() throws IOException {
        return CURL.matcher(Files.readString(FILE))
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    /** Runs a command in a shell with these variables, and returns its output. */
    static String answerTo(String question, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", question).redirectErrorStream(true);
        shell.environment().putAll(variables);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
