package io.handover.streams;

import io.handover.conversation.AgentSession;
import io.handover.conversation.Announced;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Customer;
import io.handover.conversation.Cycle;
import io.handover.conversation.FlowSession;
import io.handover.conversation.HandoverFacts;
import io.handover.conversation.KnownAgent;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Reading;
import io.handover.conversation.Session;
import io.handover.conversation.TransferPolicy;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.IsoTime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes states as the answers of queries have them. A field without a value is absent.
 *
 * @param agents finds the profile of an agent
 */
record ConversationJson(TransferPolicy policy, Function<String, @Nullable KnownAgent> agents) {

    private static final String SESSION_PREFIX = "s:";
    private static final long YEAR_9999 = 253_402_300_799_999L;

    /** The label of a reading. */
    static String reading(ConversationState state, TransferPolicy policy) {
        return label(Reading.of(HandoverFacts.of(state), policy).row());
    }

    /** Everything of a state. */
    JsonObject whole(ConversationState state) {
        JsonObject json = summary(state);
        json.remove("agentId");
        json.remove("name");
        json.put("open", state.openedAt() != AgentSession.UNKNOWN);
        putTime(json, "forgottenAt", state.touchedAt() + policy.retentionMs());
        Customer customer = state.customer();
        JsonObject known = new JsonObject();
        put(known, "userId", customer.id());
        put(known, "organizationId", customer.organizationId());
        if (!known.isEmpty()) {
            json.put("customer", known);
        }
        Announced announced = state.cycle().announced();
        if (announced != null) {
            json.put("announced", agent(announced.agentId()));
        }
        PendingEnd pending = state.pending();
        if (pending != null && OpenHandovers.heldEnd(state) != null) {
            json.getJsonObject("held").put("evidence", evidence(pending.evidence()));
        }
        Cycle.End end = state.cycle().lastEnd();
        if (end != null) {
            JsonObject last = new JsonObject();
            putTime(last, "time", end.time());
            json.put("lastEnd", last.put("final", end.isFinal()));
        }
        addSessions(json, state);
        return json;
    }

    private void addSessions(JsonObject json, ConversationState state) {
        JsonArray agentSessions = new JsonArray();
        state.sessions().agents().forEach(session -> agentSessions.add(agentSession(session)));
        JsonArray queues = new JsonArray();
        state.sessions().queues().forEach(session -> queues.add(queueSession(session)));
        JsonArray flows = new JsonArray();
        state.sessions().flows().forEach(session -> flows.add(flowSession(session)));
        json.put("agents", agentSessions).put("queues", queues).put("flows", flows);
    }

    /** The handover in short, as lists have it. */
    JsonObject summary(ConversationState state) {
        JsonObject json = new JsonObject().put("cycle", state.cycle().number());
        if (state.openedAt() != AgentSession.UNKNOWN) {
            putTime(json, "openedAt", state.openedAt());
            json.put("reading", reading(state, policy));
        }
        putTime(json, "lastEventAt", state.touchedAt());
        Announced announced = state.cycle().announced();
        if (announced != null) {
            json.put("agentId", announced.agentId());
            KnownAgent agent = agents.apply(announced.agentId());
            put(json, "name", agent == null ? null : agent.name());
        }
        PendingEnd pending = state.pending();
        if (pending != null && OpenHandovers.heldEnd(state) != null) {
            JsonObject held = new JsonObject().put("reason", pending.reason().label());
            putTime(held, "deadline", pending.deadline());
            json.put("held", held);
        }
        return json;
    }

    private JsonObject agent(@Nullable String agentId) {
        JsonObject json = new JsonObject();
        KnownAgent agent = agentId == null ? null : agents.apply(agentId);
        put(json, "agentId", agentId);
        put(json, "name", agent == null ? null : agent.name());
        put(json, "imageUrl", agent == null ? null : agent.imageUrl());
        return json;
    }

    /** The id as Genesys wrote it. A prefix says that it is not the id of the session: of the participant, or of the user. */
    private static String sessionId(Session session) {
        String id = session.id();
        return id.startsWith(SESSION_PREFIX) ? id.substring(SESSION_PREFIX.length()) : id;
    }

    private JsonObject agentSession(AgentSession session) {
        JsonObject json = new JsonObject()
                .put("sessionId", sessionId(session))
                .mergeIn(agent(session.agentId()))
                .put("cycle", session.cycle());
        putTime(json, "startedAt", session.startedAt());
        AgentSession.Departure departure = session.departure();
        if (departure != null) {
            putTime(json, "leftAt", departure.evidence().eventTime().toEpochMilli());
            json.put("departure", label(departure.reason()));
        }
        Evidence acw = session.acw();
        if (acw != null) {
            putTime(json, "wrappedUpAt", acw.eventTime().toEpochMilli());
        }
        return json;
    }

    private static JsonObject queueSession(QueueSession session) {
        JsonObject json = new JsonObject().put("sessionId", sessionId(session)).put("cycle", session.cycle());
        putTime(json, "enteredAt", session.enteredAt());
        putTime(json, "leftAt", session.departedAt());
        if (session.left() != null) {
            json.put("exit", label(session.exit()));
        }
        put(json, "answeredBy", session.answeredBy());
        return json;
    }

    private static JsonObject flowSession(FlowSession session) {
        JsonObject json = new JsonObject().put("sessionId", sessionId(session)).put("routing", session.routing());
        putTime(json, "startedAt", session.startedAt());
        putTime(json, "endedAt", session.departedAt());
        if (session.ended() != null) {
            json.put("exit", label(session.exit()));
        }
        return json;
    }

    /** The outcomes, oldest first. */
    JsonArray outcomes(List<RecentOutcomes.Entry> entries) {
        JsonArray array = new JsonArray();
        for (RecentOutcomes.Entry entry : entries) {
            JsonObject json = new JsonObject();
            putTime(json, "at", entry.at());
            Evidence event = entry.event();
            if (event != null) {
                putTime(json, "eventTime", event.eventTime().toEpochMilli());
                put(json, "topic", event.topic());
                put(json, "eventId", event.eventId());
            }
            JsonArray commands = new JsonArray();
            entry.commands().forEach(command -> commands.add(command(command)));
            array.add(json.put("outcome", entry.outcome().label())
                    .put("row", entry.outcome().row())
                    .put("commands", commands));
        }
        return array;
    }

    /** The command as it was sent, but without the name and picture of an agent who has been forgotten since. */
    private JsonObject command(HandoverCommand command) {
        JsonObject json = new JsonObject(
                Buffer.buffer(HandoverSerdes.commands().serializer().serialize("", command)));
        if (command instanceof AgentUpdated updated
                && agents.apply(updated.agent().id()) == null) {
            json.put("agent", new JsonObject().put("id", updated.agent().id()));
        }
        return json;
    }

    private static JsonArray evidence(List<Evidence> events) {
        JsonArray array = new JsonArray();
        for (Evidence event : events) {
            JsonObject json = new JsonObject().put("topic", event.topic());
            put(json, "eventId", event.eventId());
            putTime(json, "eventTime", event.eventTime().toEpochMilli());
            put(json, "disconnectType", event.disconnectType());
            array.add(json);
        }
        return array;
    }

    /** Puts a time, unless it is unknown or later than a field of four digits for the year can say. */
    static void putTime(JsonObject json, String field, long epochMs) {
        if (epochMs >= 0 && epochMs <= YEAR_9999) {
            json.put(field, IsoTime.format(Instant.ofEpochMilli(epochMs)));
        }
    }

    private static void put(JsonObject json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
