package io.handover.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the EventBridge envelope of an event, as an EventBridge API destination posts it to the bridge. */
public final class Envelope {

    /** The organisation of all events. It is the last segment of the envelope's {@code source}. */
    public static final String ORGANIZATION = "example-organization";

    private static final JsonFactory JSON = new JsonFactory();
    private static final String TOPIC = "v2.detail.events.conversation.";
    private static final String DIVISION = "6f1d6a0c-58e3-4b3e-9a52-0d9b8f5f7c11";
    private static final String FLOW = "b0c9d2f4-7a41-4d0e-8f6b-2f3f1c5ab9e7";
    private static final String WRAPUP_CODE = "1e0c6a3b-94d7-4c58-b7a1-5c2a9f04d6e8";
    private static final int INITIAL_BYTES = 1_500;

    private final JsonGenerator json;
    private final GenesysEvent event;

    private Envelope(JsonGenerator json, GenesysEvent event) {
        this.json = json;
        this.event = event;
    }

    static byte[] of(GenesysEvent event, Publication publication) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(json, event, publication);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected memory to be writable, but it is not", e);
        }
        return bytes.toByteArray();
    }

    /** Writes an envelope. The caller writes the separators between envelopes. */
    public static void write(JsonGenerator json, GenesysEvent event, Publication publication) throws IOException {
        new Envelope(json, event).write(publication);
    }

    private void write(Publication publication) throws IOException {
        String topic = event.kind().topic();
        json.writeStartObject();
        json.writeStringField("version", "0");
        json.writeStringField("id", publication.eventId());
        json.writeStringField("detail-type", TOPIC + "{id}." + topic);
        json.writeStringField("source", "aws.partner/genesys.com/cloud/genesys-organization/" + ORGANIZATION);
        json.writeStringField("account", "123456789012");
        json.writeStringField(
                "time", Instant.ofEpochSecond(publication.time() / 1_000).toString());
        json.writeStringField("region", "eu-central-1");
        json.writeArrayFieldStart("resources");
        json.writeEndArray();
        writePresent("replay-name", publication.replay());
        json.writeObjectFieldStart("detail");
        json.writeStringField("topicName", TOPIC + event.conversationId() + '.' + topic);
        json.writeStringField("version", "2");
        json.writeStringField(
                "timestamp", Instant.ofEpochMilli(publication.sentAt()).toString());
        json.writeObjectFieldStart("metadata");
        writePresent("CorrelationId", publication.correlationId());
        json.writeEndObject();
        json.writeObjectFieldStart("eventBody");
        writeCommon();
        writeOfKind();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeCommon() throws IOException {
        json.writeNumberField("eventTime", event.time());
        json.writeStringField("conversationId", event.conversationId());
        json.writeStringField("participantId", participant());
        json.writeStringField("sessionId", event.session());
        json.writeStringField("mediaType", "MESSAGE");
        json.writeStringField("messageType", "OPEN");
        json.writeStringField("provider", "PureCloud Messaging");
        json.writeStringField("direction", "INBOUND");
        String customer = "customer-of-" + event.conversationId();
        json.writeStringField("addressTo", customer);
        json.writeStringField("addressFrom", customer);
        writePresent("queueId", event.queueId());
        writePresent("disconnectType", event.disconnectType());
    }

    private void writeOfKind() throws IOException {
        Kind kind = event.kind();
        if (kind != Kind.ACW) {
            json.writeStringField("divisionId", DIVISION);
        }
        switch (kind) {
            case USER_START -> writePresent("userId", event.agentId());
            case USER_END -> {
                writePresent("userId", event.agentId());
                json.writeNumberField("interactingDurationMs", event.interactingMs());
                json.writeNumberField("alertingDurationMs", event.alertingMs());
            }
            case ACW -> {
                writePresent("userId", event.agentId());
                json.writeStringField("wrapupCode", WRAPUP_CODE);
            }
            case CUSTOMER_END -> json.writeNumberField("interactingDurationMs", event.interactingMs());
            case ACD_START -> json.writeNumberField("routingPriority", 0);
            case ACD_END -> {
                writePresent("acdOutcome", event.acdOutcome());
                writePresent("answeredUserId", event.agentId());
                json.writeNumberField("routingPriority", 0);
            }
            case FLOW_START, FLOW_END -> {
                json.writeStringField("flowId", FLOW);
                Flow flow = event.flow();
                if (flow != null) {
                    writePresent("flowType", flow.type());
                    writePresent("exitReason", flow.exitReason());
                    writePresent("transferType", flow.transferType());
                }
            }
            case CUSTOMER_START -> {
                // has no more fields
            }
        }
    }

    /** Returns a participant id that depends only on the session: each session has its own participant. */
    private String participant() {
        return UUID.nameUUIDFromBytes(event.session().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private void writePresent(String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }
}
