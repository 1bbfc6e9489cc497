package io.handover.history.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.handover.conversation.Outcome;
import io.handover.history.explain.Explanation.Cycle;
import io.handover.history.explain.Explanation.Standing;
import io.handover.history.explain.Step.Arrived;
import io.handover.history.explain.Step.DeadlinePassed;
import io.handover.history.explain.Step.Hold;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.Words;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An explanation as a program reads it: one JSON object in a line. What is not known is left out. */
final class ExplanationJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JsonGenerator json;

    private ExplanationJson(JsonGenerator json) {
        this.json = json;
    }

    static String of(Explanation explanation) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            new ExplanationJson(json).write(explanation);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to write to memory, but failed", e);
        }
        return text + "\n";
    }

    private void write(Explanation explanation) throws IOException {
        json.writeStartObject();
        text("conversationId", explanation.conversationId());
        text("organizationId", explanation.organizationId());
        text("customerId", explanation.customerId());
        json.writeObjectFieldStart("settings");
        for (Map.Entry<String, String> setting : explanation.settings().entrySet()) {
            text(setting.getKey(), setting.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("events", explanation.events().size());
        time("logEnd", explanation.logEnd());
        json.writeArrayFieldStart("steps");
        for (Step step : explanation.steps()) {
            step(step);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("cycles");
        for (Cycle cycle : explanation.cycles()) {
            cycle(cycle);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void step(Step step) throws IOException {
        json.writeStartObject();
        time("time", step.time());
        if (step.cause() instanceof Arrived arrived) {
            text("kind", "event");
            event(arrived);
        } else if (step.cause() instanceof DeadlinePassed passed) {
            text("kind", "deadline");
            json.writeObjectFieldStart("deadline");
            text("reason", passed.reason());
            time("since", passed.since());
            json.writeNumberField("noticedMs", passed.noticedMs());
            json.writeBooleanField("afterLog", passed.afterLog());
            json.writeEndObject();
        } else {
            text("kind", "forgotten");
        }
        Outcome outcome = step.outcome();
        if (outcome != null) {
            json.writeNumberField("row", outcome.row());
            text("outcome", outcome.label());
            text("meaning", RowMeaning.of(outcome));
        }
        json.writeNumberField("cycle", step.after().cycle());
        text("phase", label(step.after().phase()));
        if (step.hold() != null) {
            json.writeObjectFieldStart("hold");
            hold(step.hold());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("commands");
        for (HandoverCommand command : step.commands()) {
            byte[] value = HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command);
            json.writeRawValue(new String(value, StandardCharsets.UTF_8));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void event(Arrived arrived) throws IOException {
        json.writeObjectFieldStart("event");
        text("topic", arrived.topic());
        text("eventId", arrived.eventId());
        time("eventTime", arrived.eventTime());
        json.writeNumberField("lateMs", arrived.lateMs());
        time(
                "overtakenBy",
                arrived.overtakenBy() == null ? null : arrived.overtakenBy().eventTime());
        time("sameAs", arrived.sameAs());
        Words words = arrived.words();
        text("disconnectType", words.disconnectType());
        text("acdOutcome", words.acdOutcome());
        text("agentId", words.agentId());
        text("queueId", words.queueId());
        duration("interactingMs", words.interactingMs());
        duration("alertingMs", words.alertingMs());
        duration("otherMs", words.otherMs());
        text("replayName", words.replayName());
        json.writeBooleanField("dataAction", words.dataAction());
        text("source", arrived.source());
        json.writeNumberField("number", arrived.number());
        json.writeEndObject();
    }

    private void hold(HoldChange change) throws IOException {
        text("change", label(change.kind()));
        hold(change.hold());
        if (change.was() != null) {
            json.writeObjectFieldStart("was");
            hold(change.was());
            json.writeEndObject();
        }
    }

    private void hold(Hold hold) throws IOException {
        text("reason", hold.reason());
        time("since", hold.since());
        time("deadline", hold.deadline());
        json.writeBooleanField("putOff", hold.putOff());
    }

    private void cycle(Cycle cycle) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", cycle.number());
        time("began", cycle.began());
        if (cycle.end() != null) {
            time("ended", cycle.end().decidedAt());
            text("reason", cycle.end().reason());
            json.writeNumberField("heldMs", cycle.end().heldMs());
            json.writeBooleanField("afterLog", cycle.end().afterLog());
        }
        json.writeArrayFieldStart("standing");
        for (Standing standing : cycle.standing()) {
            json.writeStartObject();
            text("kind", label(standing.kind()));
            time("since", standing.since());
            text("agentId", standing.agentId());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private void time(String name, @Nullable Instant time) throws IOException {
        text(name, time == null ? null : TIME.format(time));
    }

    private void duration(String name, long ms) throws IOException {
        if (ms > 0) {
            json.writeNumberField(name, ms);
        }
    }
}
