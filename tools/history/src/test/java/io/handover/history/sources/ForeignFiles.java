package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.utf8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files with deliveries as other tools write them: the fields in the order of the tools, and all that tell something. */
final class ForeignFiles {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

    private ForeignFiles() {}

    static byte[] of(ForeignFormat format, List<String> deliveries) throws IOException {
        String lines = String.join("\n", deliveries) + "\n";
        return switch (format) {
            case SQS_MESSAGES -> twoPages(deliveries, page -> object("Messages", each(page, ForeignFiles::sqsMessage)));
            case SQS_EVENT -> pretty(object("Records", each(deliveries, ForeignFiles::sqsRecord)));
            case KINESIS_RECORDS ->
                twoPages(
                        deliveries,
                        page -> object(
                                "Records",
                                each(page, ForeignFiles::kinesisData),
                                "NextShardIterator",
                                "AAAA",
                                "MillisBehindLatest",
                                0));
            case KINESIS_EVENT -> pretty(object("Records", each(deliveries, ForeignFiles::kinesisRecord)));
            case LOG_EVENTS ->
                pretty(object("events", each(deliveries, ForeignFiles::logEvent), "searchedLogStreams", List.of()));
            case LOG_QUERY_RESULTS ->
                pretty(object(
                        "queryLanguage",
                        "CWLI",
                        "results",
                        each(deliveries, ForeignFiles::resultRow),
                        "statistics",
                        object("recordsMatched", 2.0),
                        "status",
                        "Complete"));
            case LOG_QUERY_DOWNLOAD -> pretty(each(deliveries, ForeignFiles::downloadedRow));
            case LOG_LINES ->
                utf8("2026-01-15T10:00:00.123Z " + String.join("\n2026-01-15T10:00:01.456Z ", deliveries));
            case KCAT -> utf8(kcat(deliveries));
            case UTF_16 -> lines.getBytes(StandardCharsets.UTF_16);
            case UTF_16LE -> lines.getBytes(StandardCharsets.UTF_16LE);
            case UTF_16BE -> lines.getBytes(StandardCharsets.UTF_16BE);
            case ZIP -> zip(utf8(lines));
            case BZIP2 -> bzip2(utf8(lines));
        };
    }

    private static Object sqsMessage(String delivery) {
        return object(
                "MessageId",
                "d6790f8d",
                "ReceiptHandle",
                "AQEB".repeat(100),
                "MD5OfBody",
                "5d41402a",
                "Body",
                delivery);
    }

    private static Object sqsRecord(String delivery) {
        return object(
                "messageId",
                "059f36b4",
                "receiptHandle",
                "AQEB".repeat(100),
                "body",
                delivery,
                "attributes",
                object("ApproximateReceiveCount", "1"),
                "eventSource",
                "aws:sqs");
    }

    private static Object kinesisData(String delivery) {
        return object(
                "SequenceNumber",
                "4954",
                "ApproximateArrivalTimestamp",
                "2026-01-15T10:00:00.123000+00:00",
                "Data",
                base64(delivery),
                "PartitionKey",
                "event");
    }

    private static Object kinesisRecord(String delivery) {
        return object(
                "kinesis",
                object("partitionKey", "event", "sequenceNumber", "4954", "data", base64(delivery)),
                "eventSource",
                "aws:kinesis");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(utf8(text));
    }

    private static Object logEvent(String delivery) {
        return object("logStreamName", "s", "timestamp", 1, "message", delivery, "ingestionTime", 2, "eventId", "37");
    }

    private static Object resultRow(String delivery) {
        return List.of(
                object("field", "@timestamp", "value", "2026-01-15 10:00:00.123"),
                object("field", "@message", "value", delivery),
                object("field", "@ptr", "value", "Cpt"));
    }

    private static Object downloadedRow(String delivery) {
        try {
            return object("@timestamp", "2026-01-15 10:00:00.123", "@message", JSON.readTree(delivery));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The records of a topic, among them a clock tick, an agent profile and a record without a value. */
    private static String kcat(List<String> deliveries) {
        List<Object> records = new ArrayList<>();
        records.add(
                kcat(List.of("handover-record", "clock-tick"), "{\"partition\":0,\"time\":\"2026-01-15T10:00:00Z\"}"));
        for (String delivery : deliveries) {
            records.add(kcat(List.of("handover-record", "delivery"), delivery));
            records.add(kcat(Map.of("handover-record", List.of("agent-profile")), "{\"agentId\":\"anna\"}"));
        }
        Map<String, Object> withoutHeadersAndPayload = kcat(List.of(), "");
        withoutHeadersAndPayload.remove("headers");
        withoutHeadersAndPayload.put("payload", null);
        records.add(withoutHeadersAndPayload);
        StringBuilder lines = new StringBuilder();
        records.forEach(record -> lines.append(json(record)).append('\n'));
        return lines.toString();
    }

    private static Map<String, Object> kcat(Object headers, String payload) {
        return object(
                "topic",
                "handover-events",
                "partition",
                0,
                "offset",
                17,
                "tstype",
                "logappend",
                "ts",
                1_768_471_200_000L,
                "broker",
                1,
                "headers",
                headers,
                "key",
                "conversation",
                "payload",
                payload);
    }

    private static byte[] zip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("deliveries.ndjson"));
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] bzip2(byte[] content) throws IOException {
        Process bzip2 = new ProcessBuilder("bzip2").start();
        try (var in = bzip2.getOutputStream()) {
            in.write(content);
        }
        return bzip2.getInputStream().readAllBytes();
    }

    private static List<Object> each(List<String> deliveries, Function<String, Object> of) {
        return deliveries.stream().map(of).toList();
    }

    /** The outputs of two calls in one file: a call returns only some deliveries. */
    private static byte[] twoPages(List<String> deliveries, Function<List<String>, Object> page) {
        String first = text(page.apply(deliveries.subList(0, 1)));
        return utf8(first + "\n" + text(page.apply(deliveries.subList(1, deliveries.size()))) + "\n");
    }

    private static byte[] pretty(Object value) {
        return utf8(text(value) + "\n");
    }

    private static String text(Object value) {
        try {
            return PRETTY.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
