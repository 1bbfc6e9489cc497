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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command that {@link ReferenceModel} expects, or that the product sent.
 *
 * @param id the id of a command that the product sent; empty in an expected command
 * @param cycle the number of the handover in its conversation
 * @param type {@link #ENDED} or {@link #UPDATED}
 * @param what the reason of a {@code handover-ended}, or the agent id of an {@code agent-updated}
 * @param shown what an {@code agent-updated} shows of the agent; {@link Shown#ID_ALONE} in a {@code handover-ended}
 * @param occurredAt when the deciding event happened, epoch ms; of an expired handover, when something last happened
 * @param decidedAt the stream time of the decision, epoch ms
 * @param evidence the events that led to the command, oldest first, each as {@code topic@eventTime} with epoch ms
 */
public record Command(
        String id,
        int cycle,
        String type,
        String what,
        Shown shown,
        long occurredAt,
        long decidedAt,
        List<String> evidence) {

    /** The type of the command that announces the end of a handover. */
    public static final String ENDED = "handover-ended";

    /** The reason of an end because nothing arrived for the retention. */
    public static final String EXPIRED = "expired";

    /** The type of the command that names the serving agent. */
    public static final String UPDATED = "agent-updated";

    private static final String PROFILE = "agent-profile";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What an {@code agent-updated} shows of the agent beside the id.
     *
     * @param byProfile whether the profile of an agent who was announced before led to the command
     */
    public record Shown(@Nullable String name, @Nullable String imageUrl, boolean byProfile) {

        /** Nothing: an announcement without a profile. */
        public static final Shown ID_ALONE = new Shown(null, null, false);

        /** Whether both show the same name and the same picture. */
        boolean looksLike(Shown other) {
            return Objects.equals(name, other.name) && Objects.equals(imageUrl, other.imageUrl);
        }

        @Override
        public String toString() {
            return (name == null ? "without a name" : name + " " + imageUrl) + (byProfile ? " (by profile)" : "");
        }
    }

    public Command {
        evidence = List.copyOf(evidence);
    }

    /** Creates an end, or an announcement of an agent by id alone. */
    public Command(
            String id, int cycle, String type, String what, long occurredAt, long decidedAt, List<String> evidence) {
        this(id, cycle, type, what, Shown.ID_ALONE, occurredAt, decidedAt, evidence);
    }

    /** Creates an end that is not decided before it occurs. The evidence of an expired handover is empty. */
    static Command ended(int cycle, String reason, long occurredAt, List<GenesysEvent> evidence, long decidedAt) {
        return new Command(
                "",
                cycle,
                ENDED,
                reason,
                occurredAt,
                Math.max(decidedAt, occurredAt),
                evidence.stream().map(Command::quote).toList());
    }

    static Command updated(int cycle, String agentId, Shown shown, GenesysEvent because, long decidedAt) {
        return new Command("", cycle, UPDATED, agentId, shown, because.time(), decidedAt, List.of(quote(because)));
    }

    static String quote(GenesysEvent event) {
        return event.kind().topic() + '@' + event.time();
    }

    /**
     * Reads a command that the product sent.
     *
     * @param json the value of the command's record
     * @throws IllegalArgumentException if the JSON is not a command
     */
    public static Command read(byte[] json) {
        try {
            JsonNode command = JSON.readTree(json);
            String type = command.required("type").textValue();
            String reason = command.required("reason").textValue();
            List<String> evidence = new ArrayList<>();
            for (JsonNode fact : command.required("evidence")) {
                evidence.add(fact.required("topic").textValue() + '@' + millis(fact.required("eventTime")));
            }
            return new Command(
                    command.required("id").textValue(),
                    command.required("cycle").intValue(),
                    type,
                    type.equals(ENDED)
                            ? reason
                            : command.required("agent").required("id").textValue(),
                    shown(command.path("agent"), reason),
                    millis(command.required("occurredAt")),
                    millis(command.required("decidedAt")),
                    evidence);
        } catch (IOException e) {
            throw new IllegalArgumentException("Expected a command, but cannot read it: " + e.getMessage(), e);
        }
    }

    private static Shown shown(JsonNode agent, String reason) {
        return new Shown(agent.path("name").textValue(), agent.path("imageUrl").textValue(), reason.equals(PROFILE));
    }

    private static long millis(JsonNode time) {
        return Instant.parse(time.textValue()).toEpochMilli();
    }

    /** Whether this command announces the end of a handover. */
    public boolean isEnd() {
        return type.equals(ENDED);
    }

    boolean isExpired() {
        return isEnd() && what.equals(EXPIRED);
    }

    /** Whether this command equals another one. The ids are not compared. */
    public boolean equalsApartFromId(Command other) {
        return cycle == other.cycle
                && type.equals(other.type)
                && what.equals(other.what)
                && shown.equals(other.shown)
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
                    command.isEnd() ? command.what : command.what + ' ' + command.shown,
                    History.seconds(command.occurredAt, start)));
        }
        return text.toString();
    }
}
