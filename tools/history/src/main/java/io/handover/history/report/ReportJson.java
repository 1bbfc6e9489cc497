package io.handover.history.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Writes the JSON document of a back-test.
 *
 * <p>Programs read this document, so its field names must not change. Times are ISO-8601 in UTC. Durations are whole
 * milliseconds, in fields whose names end in {@code Ms}. A histogram lists the buckets that are not empty. The
 * {@code toMs} of a bucket is the longest duration in it.
 */
public final class ReportJson {

    private static final ObjectWriter JSON = JsonMapper.builder()
            // Closing the stream would close standard output.
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Histogram.class, new HistogramSerializer()))
            .build()
            .writer();

    private ReportJson() {}

    public static void write(BacktestReport report, PrintStream out) {
        try {
            JSON.writeValue(out, ReportView.of(report));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a print stream not to throw, but it did", e);
        }
        out.write('\n');
    }

    private static final class HistogramSerializer extends StdSerializer<Histogram> {

        private static final long serialVersionUID = 1;

        private HistogramSerializer() {
            super(Histogram.class);
        }

        @Override
        public void serialize(Histogram histogram, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            json.writeNumberField("count", histogram.getTotalCount());
            if (histogram.getTotalCount() > 0) {
                json.writeNumberField("p50Ms", histogram.getValueAtPercentile(50));
                json.writeNumberField("p90Ms", histogram.getValueAtPercentile(90));
                json.writeNumberField("p99Ms", histogram.getValueAtPercentile(99));
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
    }
}
