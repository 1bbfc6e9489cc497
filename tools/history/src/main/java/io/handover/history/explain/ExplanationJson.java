package io.handover.history.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.RawValue;
import io.handover.conversation.Outcome;
import io.handover.conversation.Phase;
import io.handover.history.explain.Explanation.Handover;
import io.handover.history.explain.Step.Arrival;
import io.handover.history.explain.Step.DeadlineFiring;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.ProfileArrival;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.IsoTime;
import io.handover.schema.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON of an explanation. {@code explain --help} documents its fields. */
record ExplanationJson(
        String conversationId,
        @Nullable String organizationId,
        @Nullable String customerId,
        Map<String, String> settings,
        int events,
        Instant logEnd,
        List<StepJson> steps,
        List<Handover> cycles,
        @Nullable JsonNode live) {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, new TextSerializer<>(IsoTime::format))
                    .addSerializer(
                            Enum.class, new TextSerializer<>(each -> each.name().toLowerCase(Locale.ROOT))));

    /**
     * Returns an explanation as one JSON object on one line, with a line end.
     *
     * @param live the present state of the conversation; null if it was not asked for
     */
    static String write(Explanation explanation, @Nullable JsonNode live) {
        ExplanationJson json = new ExplanationJson(
                explanation.conversationId(),
                explanation.organizationId(),
                explanation.customerId(),
                explanation.settings(),
                explanation.events().size(),
                explanation.logEnd(),
                explanation.steps().stream().map(StepJson::of).toList(),
                explanation.handovers(),
                live);
        try {
            return MAPPER.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected to write an explanation as JSON, but failed", e);
        }
    }

    record StepJson(
            Instant time,
            String kind,
            @Nullable Arrival event,
            @Nullable ProfileArrival profile,
            @Nullable DeadlineFiring deadline,
            @Nullable Integer row,
            @Nullable String outcome,
            @Nullable String meaning,
            int cycle,
            Phase phase,
            @Nullable HoldChange hold,
            List<RawValue> commands) {

        private static StepJson of(Step step) {
            Arrival arrival = step.cause() instanceof Arrival cause ? cause : null;
            ProfileArrival profile = step.cause() instanceof ProfileArrival cause ? cause : null;
            DeadlineFiring firing = step.cause() instanceof DeadlineFiring cause ? cause : null;
            Outcome outcome = step.outcome();
            return new StepJson(
                    step.time(),
                    kind(step.cause()),
                    arrival,
                    profile,
                    firing,
                    outcome == null ? null : outcome.row(),
                    outcome == null ? null : outcome.label(),
                    outcome == null ? null : outcome.when() + ": " + outcome.then(),
                    step.after().cycle(),
                    step.after().phase(),
                    step.hold(),
                    step.commands().stream().map(StepJson::asSent).toList());
        }

        private static String kind(Step.Cause cause) {
            if (cause instanceof Arrival) {
                return "event";
            }
            if (cause instanceof ProfileArrival) {
                return "profile";
            }
            return cause instanceof DeadlineFiring ? "deadline" : "forgotten";
        }

        private static RawValue asSent(HandoverCommand command) {
            byte[] value = HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command);
            return new RawValue(new String(value, StandardCharsets.UTF_8));
        }
    }

    private static final class TextSerializer<T> extends JsonSerializer<T> {

        private final Function<T, String> text;

        private TextSerializer(Function<T, String> text) {
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(text.apply(value));
        }
    }
}
