package io.handover.containers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.quickstart.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The deliveries of a sample of the quickstart, moved to now and to a conversation of their own. */
record Sample(String conversationId, List<byte[]> deliveries) {

    private static final JsonMapper MAPPER = new JsonMapper();

    static Sample of(String file) throws IOException {
        try (InputStream resource = Samples.class.getResourceAsStream("samples/" + file + ".ndjson")) {
            String text = new String(Objects.requireNonNull(resource, file).readAllBytes(), UTF_8);
            String conversationId = UUID.randomUUID().toString();
            List<JsonNode> events = new ArrayList<>();
            for (String line : text.replaceAll("c0000000-0000-4000-8000-[0-9]{12}", conversationId)
                    .lines()
                    .toList()) {
                events.add(MAPPER.readTree(line));
            }
            long newest = events.stream().mapToLong(Sample::eventTime).max().orElseThrow();
            long shift = Instant.now().toEpochMilli() - newest;
            List<byte[]> deliveries = new ArrayList<>();
            for (JsonNode event : events) {
                ((ObjectNode) event.at("/detail/eventBody")).put("eventTime", eventTime(event) + shift);
                deliveries.add(MAPPER.writeValueAsBytes(event));
            }
            return new Sample(conversationId, deliveries);
        }
    }

    private static long eventTime(JsonNode event) {
        return event.at("/detail/eventBody/eventTime").asLong();
    }
}
