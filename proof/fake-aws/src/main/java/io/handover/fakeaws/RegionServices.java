package io.handover.fakeaws;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services of a region, and the way of an event through it. */
final class RegionServices {

    private final Region region;
    private final Buses buses;
    private final Queues queues;
    private final Topics topics;
    private final Alarms alarms;
    private final Connections connections;
    private final Deliveries deliveries;
    private final Archives archives;
    private final Rules rules;
    private final Metrics metrics = new Metrics();
    private long dropped;

    RegionServices(Region region, Vertx vertx, Sender sender, Roles roles, String baseUrl) {
        this.region = region;
        buses = new Buses(region);
        queues = new Queues(region, baseUrl);
        topics = new Topics(region);
        alarms = new Alarms(region);
        connections = new Connections(region, roles);
        deliveries = new Deliveries(
                vertx, region.account(), sender, roles, connections, queues, topics, metrics, this::publishState);
        archives = new Archives(region, vertx, buses, deliveries);
        rules = new Rules(region, buses, roles, new Schedules(vertx, region, buses, deliveries));
    }

    Buses buses() {
        return buses;
    }

    Queues queues() {
        return queues;
    }

    Topics topics() {
        return topics;
    }

    Metrics metrics() {
        return metrics;
    }

    int openDeliveries() {
        return deliveries.open();
    }

    long dropped() {
        return dropped;
    }

    /** Returns the service that has an operation, or null. */
    @Nullable
    Service find(String service, String operation) {
        Stream<Service> candidates = switch (service) {
            case "events" -> Stream.of(buses, rules, connections, archives);
            case "sqs" -> Stream.of(queues);
            case "sns" -> Stream.of(topics);
            case "monitoring" -> Stream.of(alarms);
            default -> Stream.of();
        };
        return candidates.filter(one -> one.offers(operation)).findFirst().orElse(null);
    }

    /** Publishes an event of a partner on the bus of its source. Without an active source the event is dropped. */
    String publish(JsonObject envelope) {
        String source = envelope.getString("source");
        JsonObject event = complete(envelope);
        if (buses.isActive(source)) {
            put(source, event);
        } else {
            dropped++;
        }
        return event.getString("id");
    }

    /** The ARNs of everything that somebody created. */
    List<String> arns() {
        List<String> arns = new ArrayList<>();
        for (Buses.Bus bus : buses.all()) {
            if (!bus.name().equals(Buses.DEFAULT)) {
                arns.add(bus.arn());
            }
            bus.rules().values().stream()
                    .filter(rule -> !rule.isManaged())
                    .map(Rule::arn)
                    .forEach(arns::add);
        }
        arns.addAll(connections.arns());
        arns.addAll(archives.arns());
        arns.addAll(queues.arns());
        arns.addAll(alarms.arns());
        return arns;
    }

    private void put(String busName, JsonObject event) {
        Buses.Bus bus = buses.bus(busName);
        archives.store(bus, event);
        bus.rules().values().stream()
                .filter(rule -> rule.matches(event))
                .forEach(rule -> deliveries.invoke(rule, event));
    }

    /** Publishes a change of a connection on the default bus. The detail of the event is assumed. */
    private void publishState(String detailType, Connection connection) {
        put(
                Buses.DEFAULT,
                complete(new JsonObject()
                        .put("detail-type", detailType)
                        .put("source", "aws.events")
                        .put("resources", new JsonArray().add(connection.arn()))
                        .put("detail", connection.json())));
    }

    private JsonObject complete(JsonObject envelope) {
        return new JsonObject()
                .put("version", "0")
                .put("id", region.account().uuid())
                .put("detail-type", envelope.getString("detail-type"))
                .put("source", envelope.getString("source"))
                .put("account", region.account().id())
                .put(
                        "time",
                        envelope.getString(
                                "time",
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()))
                .put("region", region.name())
                .put("resources", envelope.getJsonArray("resources", new JsonArray()))
                .put("detail", envelope.getValue("detail"));
    }
}
