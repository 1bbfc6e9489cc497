package io.handover.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A command, expected or seen.
 *
 * @param id the id of the command; empty if it is expected
 * @param cycle the number of the handover in its conversation
 * @param type {@link #ENDED} or {@link #UPDATED}
 * @param what the reason of an end, or the id of the serving agent
 * @param occurredAt when the deciding event happened
 * @param decidedAt when it was decided, in stream time
 * @param evidence the events that led to it as {@code topic@eventTime}, oldest first
 */
public record Command(
        String id, int cycle, String type, String what, long occurredAt, long decidedAt, List<String> evidence) {

    /** The type of a command that says that the humans are done. */
    public static final String ENDED = "handover-ended";

    /** The type of a command that names the serving agent. */
    public static final String UPDATED = "agent-updated";

    private static final ObjectMapper JSON = new ObjectMapper();

    public Command {
        evidence = List.copyOf(evidence);
    }

    static Command ended(int cycle, String reason, List<GenesysEvent> evidence, long decidedAt) {
        GenesysEvent deciding = evidence.get(evidence.size() - 1);
        return new Command(
                "",
                cycle,
                ENDED,
                reason,
                deciding.time(),
                decidedAt,
                evidence.stream().map(Command::quote).toList());
    }

    static Command updated(int cycle, String agentId, GenesysEvent because, long decidedAt) {
        return new Command("", cycle, UPDATED, agentId, because.time(), decidedAt, List.of(quote(because)));
    }

    static String quote(GenesysEvent event) {
        return event.kind().topic() + '@' + event.time();
    }

    /**
     * Reads a command that was seen.
     *
     * @param json the value of its record
     * @throws IllegalArgumentException if it is not a command
     */
    public static Command read(byte[] json) {
        try {
            JsonNode command = JSON.readTree(json);
            String type = command.required("type").textValue();
            List<String> evidence = new ArrayList<>();
            for (JsonNode fact : command.required("evidence")) {
                evidence.add(fact.required("topic").textValue() + '@' + millis(fact.required("eventTime")));
            }
            return new Command(
                    command.required("id").textValue(),
                    command.required("cycle").intValue(),
                    type,
                    type.equals(ENDED)
                            ? command.required("reason").textValue()
                            : command.required("agent").required("id").textValue(),
                    millis(command.required("occurredAt")),
                    millis(command.required("decidedAt")),
                    evidence);
        } catch (IOException e) {
            throw new IllegalArgumentException("Expected a command, but cannot read it: " + e.getMessage(), e);
        }
    }

    private static long millis(JsonNode time) {
        return Instant.parse(time.textValue()).toEpochMilli();
    }

    /** Whether it ends a handover. */
    public boolean isEnd() {
        return type.equals(ENDED);
    }

    /** Whether this command equals another one apart from their ids. */
    public boolean equalsApartFromId(Command other) {
        return cycle == other.cycle
                && type.equals(other.type)
                && what.equals(other.what)
                && occurredAt == other.occurredAt
                && decidedAt == other.decidedAt
                && evidence.equals(other.evidence);
    }

    /** Describes commands, one per line, with times in seconds since the start. */
    public static String describe(String title, List<Command> commands, long start) {
        StringBuilder text = new StringBuilder(title).append(":\n");
        for (Command command : commands) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %10.3f  #%d %s %s (of %.3f)%n",
                    History.seconds(command.decidedAt, start),
                    command.cycle,
                    command.type,
                    command.what,
                    History.seconds(command.occurredAt, start)));
        }
        return text.toString();
    }
}
