package io.handover.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes commands field by field, as Jackson's data binding would write them. Data binding takes several times as long. */
final class CommandWriter {

    private final JsonGenerator json;

    private CommandWriter(JsonGenerator json) {
        this.json = json;
    }

    static byte[] write(HandoverCommand command) {
        return Json.write(json -> new CommandWriter(json).writeCommand(command));
    }

    private void writeCommand(HandoverCommand command) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", command.type());
        json.writeStringField("id", command.id());
        json.writeStringField("conversationId", command.conversationId());
        json.writeNumberField("cycle", command.cycle());
        writePresent("userId", command.userId());
        writePresent("organizationId", command.organizationId());
        json.writeStringField("occurredAt", IsoTime.format(command.occurredAt()));
        json.writeStringField("decidedAt", IsoTime.format(command.decidedAt()));
        json.writeStringField("reason", command.reason());
        if (command instanceof AgentUpdated updated) {
            writeAgent(updated.agent());
        }
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : command.evidence()) {
            writeEvidence(evidence);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeAgent(AgentUpdated.Agent agent) throws IOException {
        json.writeObjectFieldStart("agent");
        json.writeStringField("id", agent.id());
        writePresent("name", agent.name());
        writePresent("imageUrl", agent.imageUrl());
        json.writeEndObject();
    }

    private void writeEvidence(Evidence evidence) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", evidence.topic());
        writePresent("eventId", evidence.eventId());
        json.writeStringField("eventTime", IsoTime.format(evidence.eventTime()));
        writePresent("disconnectType", evidence.disconnectType());
        json.writeEndObject();
    }

    private void writePresent(String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }
}
