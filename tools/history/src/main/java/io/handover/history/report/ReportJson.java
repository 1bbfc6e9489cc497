package io.handover.history.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.handover.history.report.BacktestReport.Result;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.Tally.Difference;
import io.handover.schema.Evidence;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * A back-test for programs: one JSON object, whose names stay. Times are ISO-8601 in UTC, durations whole milliseconds
 * in fields that end in {@code Ms}; a histogram lists what was measured, up to and including {@code toMs}, and leaves
 * empty buckets out.
 */
public final class ReportJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            // Standard output is not this one's to close.
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final JsonGenerator json;
    private final BacktestReport report;

    private ReportJson(JsonGenerator json, BacktestReport report) {
        this.json = json;
        this.report = report;
    }

    public static void write(BacktestReport report, PrintStream out) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            new ReportJson(json, report).write();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a print stream to throw nothing, but it did", e);
        }
        out.write('\n');
    }

    private void write() throws IOException {
        json.writeStartObject();
        texts("sources", report.sources());
        json.writeNumberField("deliveries", report.deliveries());
        json.writeNumberField("unwanted", report.unwanted());
        json.writeNumberField("broken", report.broken());
        json.writeNumberField("conversations", report.conversations());
        time("first", report.first());
        time("last", report.first() == null ? null : report.last());
        json.writeNumberField("returnWithinMs", report.returnWithin().toMillis());
        json.writeObjectFieldStart("gaps");
        histogram("told", report.toldGaps());
        histogram("untold", report.untoldGaps());
        json.writeEndObject();
        json.writeArrayFieldStart("settings");
        for (Result result : report.results()) {
            setting(result);
        }
        json.writeEndArray();
        json.writeFieldName("against");
        against(report.against());
        json.writeEndObject();
    }

    private void setting(Result result) throws IOException {
        Tally tally = result.tally();
        long timeout = ReportFindings.transferTimeout(result);
        json.writeStartObject();
        json.writeStringField("name", result.setting().name());
        json.writeNumberField("transferTimeoutMs", timeout);
        json.writeNumberField("ended", tally.ended());
        json.writeObjectFieldStart("endedByReason");
        for (var reason : tally.endedByReason.entrySet()) {
            json.writeNumberField(reason.getKey(), reason.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("premature");
        json.writeNumberField("count", tally.premature.size());
        for (Refutation refutation : Refutation.values()) {
            json.writeNumberField(name(refutation), ReportFindings.premature(tally, refutation));
        }
        json.writeArrayFieldStart("ends");
        for (PrematureEnd end : ReportFindings.premature(tally)) {
            premature(end);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeNumberField("laterThanNeeded", ReportFindings.late(tally));
        histogram("late", tally.late);
        json.writeNumberField("neverEnded", tally.neverEnded);
        json.writeNumberField("agentUpdated", tally.agentUpdated);
        json.writeObjectFieldStart("gapsShorterThanTransferTimeout");
        json.writeNumberField("told", ReportFindings.shorter(report.toldGaps(), timeout));
        json.writeNumberField("untold", ReportFindings.shorter(report.untoldGaps(), timeout));
        json.writeEndObject();
        json.writeNumberField("differing", tally.differing);
        json.writeArrayFieldStart("differences");
        for (Difference difference : tally.differences) {
            json.writeStartObject();
            json.writeStringField("conversationId", difference.conversationId());
            texts("first", difference.first());
            texts("here", difference.here());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String name(Refutation refutation) {
        return switch (refutation) {
            case SERVED -> "served";
            case QUEUED -> "queued";
            case CAME_BACK -> "cameBack";
        };
    }

    private void premature(PrematureEnd end) throws IOException {
        json.writeStartObject();
        json.writeStringField("conversationId", end.conversationId());
        json.writeNumberField("cycle", end.cycle());
        json.writeStringField("reason", end.reason());
        time("occurredAt", end.occurredAt());
        time("decidedAt", end.decidedAt());
        json.writeStringField("refutation", name(end.refutation()));
        time("refutedAt", end.refutedAt());
        // Negative where it already was so when the handover ended.
        json.writeNumberField(
                "refutedAfterMs",
                Duration.between(end.decidedAt(), end.refutedAt()).toMillis());
        json.writeStringField("agentId", end.agentId());
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : end.evidence()) {
            json.writeStartObject();
            json.writeStringField("topic", evidence.topic());
            json.writeStringField("eventId", evidence.eventId());
            time("eventTime", evidence.eventTime());
            json.writeStringField("disconnectType", evidence.disconnectType());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void histogram(String name, Histogram histogram) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", histogram.getTotalCount());
        if (histogram.getTotalCount() > 0) {
            json.writeNumberField("p50Ms", histogram.getValueAtPercentile(ReportFindings.MEDIAN));
            json.writeNumberField("p90Ms", histogram.getValueAtPercentile(ReportFindings.MOST));
            json.writeNumberField("p99Ms", histogram.getValueAtPercentile(ReportFindings.NEARLY_ALL));
            json.writeNumberField("maxMs", histogram.getMaxValue());
        }
        json.writeArrayFieldStart("histogram");
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            json.writeStartObject();
            json.writeNumberField("toMs", bucket.getValueIteratedTo());
            json.writeNumberField("count", bucket.getCountAtValueIteratedTo());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void against(@Nullable AgainstResult against) throws IOException {
        if (against == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("file", against.file());
        json.writeNumberField("same", against.same());
        json.writeNumberField("missing", against.missing());
        json.writeNumberField("additional", against.additional());
        json.writeNumberField("changed", against.changed());
        json.writeArrayFieldStart("differences");
        for (AgainstResult.Difference difference : against.differences()) {
            json.writeStartObject();
            json.writeStringField("conversationId", difference.conversationId());
            json.writeStringField("theirs", difference.theirs());
            json.writeStringField("ours", difference.ours());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void texts(String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private void time(String name, @Nullable Instant time) throws IOException {
        json.writeStringField(name, time == null ? null : time.toString());
    }
}
