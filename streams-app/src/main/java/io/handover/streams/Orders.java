package io.handover.streams;

import io.handover.schema.OperatorOrder;
import io.handover.schema.OperatorOrder.Action;
import io.handover.streams.Installation.Question;
import io.micrometer.core.instrument.Clock;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Takes the orders of operators. Each is a record in the events, so the core decides what it does; each is logged. */
final class Orders {

    static final int OK = 200;
    static final int ACCEPTED = 202;

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final Installation installation;
    private final OrderWriter writer;
    private final QueryWorkers workers;
    private final IntSupplier partitions;
    private final Clock clock;

    /**
     * Who sends an order, for the audit log.
     *
     * @param token which token it is
     */
    record Sender(String address, String token) {}

    /** @param partitions returns the number of partitions of the events; 0 until Kafka Streams has started */
    Orders(Installation installation, OrderWriter writer, QueryWorkers workers, IntSupplier partitions, Clock clock) {
        this.installation = installation;
        this.writer = writer;
        this.workers = workers;
        this.partitions = partitions;
        this.clock = clock;
    }

    /**
     * Writes an order.
     *
     * @param question asks for the conversation, if the order does not name its handover
     */
    Future<JsonObject> give(Route route, OrderForm form, Question question, Sender sender) {
        UUID orderId = form.orderId() == null ? UUID.randomUUID() : form.orderId();
        if (route.resource() == Route.Resource.FORGET) {
            return workers.run(question.context(), () -> forget(route.id(), orderId, form, sender));
        }
        Action action = route.resource() == Route.Resource.END ? Action.END : Action.RELEASE;
        Integer named = form.cycle();
        Future<Integer> cycle = named == null
                ? installation.conversation(question, route.id()).map(json -> openCycle(json, action))
                : Future.succeededFuture(named);
        return cycle.compose(number -> workers.run(
                question.context(),
                () -> write(
                        new OperatorOrder(
                                orderId,
                                route.id(),
                                number,
                                action,
                                form.operator(),
                                form.reason(),
                                Instant.ofEpochMilli(clock.wallTime())),
                        sender)));
    }

    /** The handover that the operator sees now. The order does not apply to a later one. */
    private static int openCycle(JsonObject conversation, Action action) {
        if (!conversation.getBoolean("open")) {
            throw new RequestException(
                    RequestException.CONFLICT, "No handover of the conversation is open: there is nothing to end.");
        }
        if (action == Action.RELEASE && !conversation.containsKey("held")) {
            throw new RequestException(
                    RequestException.CONFLICT, "No end is held: wait until one is, or order the end of the handover.");
        }
        return conversation.getInteger("cycle");
    }

    private JsonObject write(OperatorOrder order, Sender sender) {
        int all = partitions();
        LoggingEventBuilder audit = audit(order.orderId(), order.operator(), order.reason(), sender)
                .addKeyValue("action", order.action().label())
                .addKeyValue("conversation", order.conversationId())
                .addKeyValue("cycle", order.cycle());
        return audited(audit, () -> {
            RecordMetadata stored = writer.write(order, all);
            LoggingEventBuilder unused =
                    audit.addKeyValue("partition", stored.partition()).addKeyValue("offset", stored.offset());
            return new JsonObject()
                    .put("orderId", order.orderId().toString())
                    .put("partition", stored.partition())
                    .put("offset", stored.offset());
        });
    }

    private JsonObject forget(String agentId, UUID orderId, OrderForm form, Sender sender) {
        int all = partitions();
        LoggingEventBuilder audit = audit(orderId, form.operator(), form.reason(), sender)
                .addKeyValue("action", "forget")
                .addKeyValue("agent", agentId)
                .addKeyValue("partitions", all);
        return audited(audit, () -> {
            writer.forget(agentId, all);
            return new JsonObject().put("orderId", orderId.toString()).put("partitions", all);
        });
    }

    /** Logs an order, whatever becomes of it. */
    private static JsonObject audited(LoggingEventBuilder audit, Supplier<JsonObject> writing) {
        try {
            JsonObject answer = writing.get();
            audit.log("Operator order stored");
            return answer;
        } catch (RuntimeException e) {
            audit.log("Operator order not acknowledged, it may be stored");
            throw e;
        }
    }

    private int partitions() {
        int all = partitions.getAsInt();
        if (all == 0) {
            // A send to a missing topic could make the broker create it.
            throw new RequestException(
                    RequestException.UNAVAILABLE, "Kafka has not been checked yet: try again in a few seconds.");
        }
        return all;
    }

    private static LoggingEventBuilder audit(UUID orderId, String operator, String reason, Sender sender) {
        return LOG.atInfo()
                .addKeyValue("order", orderId)
                .addKeyValue("operator", operator)
                .addKeyValue("reason", reason)
                .addKeyValue("remote", sender.address())
                .addKeyValue("token", sender.token());
    }
}
