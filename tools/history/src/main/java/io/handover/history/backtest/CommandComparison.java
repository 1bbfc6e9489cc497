package io.handover.history.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.history.report.AgainstResult;
import io.handover.history.report.AgainstResult.Difference;
import io.handover.terminal.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the commands of this build with the commands that another build wrote to a file.
 *
 * <p>A command and its counterpart have the same id. Both builds write their commands in the order of time, so only the
 * commands without a counterpart so far, and the listed differences, are in memory.
 */
final class CommandComparison implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final BufferedReader reader;
    private final Map<String, Theirs> theirs = new LinkedHashMap<>();
    private final Map<String, String> ours = new HashMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private @Nullable Theirs next;
    private long line;
    private long same;
    private long changed;
    private long repeated;

    private record Theirs(String id, String conversationId, Instant decidedAt, String json) {}

    private CommandComparison(Path file, BufferedReader reader) {
        this.file = file;
        this.reader = reader;
        this.next = read();
    }

    static CommandComparison open(Path file) {
        try {
            return new CommandComparison(file, Files.newBufferedReader(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandException("The commands in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Adds the next command of this build, in the order of time. */
    void add(String id, String conversationId, Instant decidedAt, String json) {
        while (next != null && !next.decidedAt().isAfter(decidedAt)) {
            addTheirs(next);
            next = read();
        }
        Theirs counterpart = theirs.remove(id);
        if (counterpart == null) {
            ours.put(id, json);
        } else {
            compare(counterpart, json);
        }
    }

    private void addTheirs(Theirs command) {
        String counterpart = ours.remove(command.id());
        if (counterpart == null) {
            Theirs earlier = theirs.put(command.id(), command);
            if (earlier != null) {
                // The other build wrote this command twice. The first one is listed as missing in this build.
                repeated++;
                list(new Difference(earlier.conversationId(), earlier.json(), null));
            }
        } else {
            compare(command, counterpart);
        }
    }

    private void compare(Theirs command, String json) {
        if (command.json().equals(json)) {
            same++;
        } else {
            changed++;
            list(new Difference(command.conversationId(), command.json(), json));
        }
    }

    private void list(Difference difference) {
        if (differences.size() < AgainstResult.MAX_LISTED) {
            differences.add(difference);
        }
    }

    /**
     * Reads the rest of the file and returns the result. Each command without a counterpart is missing or additional.
     */
    AgainstResult result() {
        while (next != null) {
            addTheirs(next);
            next = read();
        }
        theirs.values().forEach(command -> list(new Difference(command.conversationId(), command.json(), null)));
        ours.values()
                .forEach(json ->
                        list(new Difference(parse(json).path("conversationId").asText(), null, json)));
        return new AgainstResult(file.toString(), same, differences, repeated + theirs.size(), ours.size(), changed);
    }

    private @Nullable Theirs read() {
        try {
            String json = reader.readLine();
            line++;
            if (json == null) {
                return null;
            }
            JsonNode command = parse(json);
            return new Theirs(
                    command.required("id").asText(),
                    command.required("conversationId").asText(),
                    Instant.parse(command.required("decidedAt").asText()),
                    json);
        } catch (IOException e) {
            throw new CommandException("The commands in " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CommandException(
                    "Line " + line + " of " + file
                            + " is not a command. Give a file with the standard output of backtest.",
                    e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Expected a JSON object, but found something else", e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new CommandException("The commands in " + file + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
