package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The connections and API destinations of EventBridge. Connections have API keys; other authorizations are refused. */
final class Connections extends Service {

    private static final int MAX_RESOURCES = 3_000;
    private static final int DEFAULT_RATE = 300;

    private final Region region;
    private final Roles roles;
    private final Map<String, Connection> connections = new TreeMap<>();
    private final Map<String, Destination> destinations = new TreeMap<>();

    /** An API destination. */
    static final class Destination {
        private final Instant created = Instant.now();
        private final String name;
        private final String arn;
        private JsonObject definition;
        private Instant modified = created;
        private long nextFreeNs = System.nanoTime();

        private Destination(String name, String arn, JsonObject definition) {
            this.name = name;
            this.arn = arn;
            this.definition = definition;
        }

        String arn() {
            return arn;
        }

        String endpoint() {
            return definition.getString("InvocationEndpoint");
        }

        String method() {
            return definition.getString("HttpMethod");
        }

        /** Takes the next place in the rate limit. Returns how long to wait for it, in milliseconds. */
        long nextSlotMs() {
            int rate = definition.getInteger("InvocationRateLimitPerSecond", DEFAULT_RATE);
            long nowNs = System.nanoTime();
            long slotNs = Math.max(nowNs, nextFreeNs);
            nextFreeNs = slotNs + Duration.ofSeconds(1).toNanos() / rate;
            return (slotNs - nowNs) / 1_000_000;
        }
    }

    Connections(Region region, Roles roles) {
        super(region.account(), "events");
        this.region = region;
        this.roles = roles;
        on("CreateConnection", this::connectionArn, this::create);
        on("DescribeConnection", this::connectionArn, this::describe);
        on("UpdateConnection", this::connectionArn, this::update);
        on("DeleteConnection", this::connectionArn, this::delete);
        on("CreateApiDestination", this::destinationArns, this::createDestination);
        on("DescribeApiDestination", this::destinationArns, this::describeDestination);
        on("UpdateApiDestination", this::destinationArns, this::updateDestination);
        on("DeleteApiDestination", this::destinationArns, this::deleteDestination);
    }

    @Nullable
    Destination destination(String arn) {
        return destinations.values().stream()
                .filter(destination -> destination.arn.equals(arn))
                .findFirst()
                .orElse(null);
    }

    /** Returns the connection of a destination, or null if it was deleted. */
    @Nullable
    Connection connectionOf(Destination destination) {
        String arn = destination.definition.getString("ConnectionArn");
        return connections.values().stream()
                .filter(connection -> connection.arn().equals(arn))
                .findFirst()
                .orElse(null);
    }

    List<Destination> destinationsOf(Connection connection) {
        return destinations.values().stream()
                .filter(destination -> connection.arn().equals(destination.definition.getString("ConnectionArn")))
                .toList();
    }

    List<String> arns() {
        connections.values().removeIf(Connection::isDeleted);
        return Stream.concat(
                        connections.values().stream().map(Connection::arn),
                        destinations.values().stream().map(Destination::arn))
                .toList();
    }

    private List<String> connectionArn(JsonObject input) {
        return List.of(region.arn("events", "connection/" + required(input, "Name")));
    }

    /** The destination and, where the caller names it, its connection. */
    private List<String> destinationArns(JsonObject input) {
        String arn = region.arn("events", "api-destination/" + required(input, "Name"));
        String connection = input.getString("ConnectionArn");
        // Policies name connections without the UUID.
        return connection == null ? List.of(arn) : List.of(arn, connection.substring(0, connection.lastIndexOf('/')));
    }

    private Connection connection(JsonObject input) {
        connections.values().removeIf(Connection::isDeleted);
        Connection connection = connections.get(required(input, "Name"));
        if (connection == null) {
            throw AwsError.notFound("Failed to describe the connection(s). Connection '" + input.getString("Name")
                    + "' does not exist.");
        }
        return connection;
    }

    private Connection changeable(JsonObject input) {
        Connection connection = connection(input);
        if (connection.isBusy()) {
            throw AwsError.concurrentModification(
                    "Connection " + connection.name() + " is in state " + connection.state() + ".");
        }
        return connection;
    }

    private JsonObject create(JsonObject input) {
        String name = required(input, "Name");
        JsonObject apiKey = apiKey(input);
        if (apiKey == null) {
            throw AwsError.validation("AuthorizationType and AuthParameters are required.");
        }
        roles.ensureServiceLinkedRole();
        requireSecret("CreateSecret", name);
        requireSecret("PutSecretValue", name);
        connections.values().removeIf(Connection::isDeleted);
        if (connections.containsKey(name)) {
            throw AwsError.alreadyExists("Connection " + name + " already exists.");
        }
        if (connections.size() >= MAX_RESOURCES) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        }
        String path = "connection/" + name + "/" + account().uuid();
        Connection connection = new Connection(
                name,
                region.arn("events", path),
                region.arn("secretsmanager", "secret:events!" + path + "-aBcDeF"),
                input.getString("Description"),
                apiKey);
        connection.authorize(apiKey, new Progress(account().behaviour()));
        connections.put(name, connection);
        return connection.summary();
    }

    private JsonObject describe(JsonObject input) {
        Connection connection = connection(input);
        JsonObject json = connection.json();
        connection.advance();
        return json;
    }

    /**
     * Updates a connection. Only the type together with the parameters authorizes it again; parameters without the type
     * change nothing (assumed).
     */
    private JsonObject update(JsonObject input) {
        Connection connection = changeable(input);
        JsonObject apiKey = apiKey(input);
        if (input.containsKey("Description")) {
            connection.describeAs(input.getString("Description"));
        }
        if (apiKey != null) {
            requireSecret("UpdateSecret", connection.name());
            requireSecret("PutSecretValue", connection.name());
            connection.authorize(apiKey, new Progress(account().behaviour()));
        }
        return connection.summary();
    }

    private JsonObject delete(JsonObject input) {
        Connection connection = changeable(input);
        if (!destinationsOf(connection).isEmpty()) {
            throw AwsError.validation(
                    "Connection " + connection.name() + " can't be deleted since it is used by API destinations.");
        }
        requireSecret("DeleteSecret", connection.name());
        connection.delete(new Progress(account().behaviour()));
        return connection.summary();
    }

    /** The caller needs the permissions on the secret too; see the managed policy AmazonEventBridgeFullAccess. */
    private void requireSecret(String action, String name) {
        account()
                .require(
                        "secretsmanager:" + action,
                        region.arn("secretsmanager", "secret:events!connection/" + name + "/"));
    }

    /** Returns the API key with which the input authorizes a connection, or null if it does not authorize it. */
    private static @Nullable JsonObject apiKey(JsonObject input) {
        String type = input.getString("AuthorizationType");
        if (type != null && !type.equals("API_KEY")) {
            throw AwsError.validation("The fake has no connections with AuthorizationType " + type + ".");
        }
        JsonObject apiKey =
                input.getJsonObject("AuthParameters", new JsonObject()).getJsonObject("ApiKeyAuthParameters");
        return type == null ? null : apiKey;
    }

    private JsonObject createDestination(JsonObject input) {
        String name = required(input, "Name");
        check(input);
        if (destinations.containsKey(name)) {
            throw AwsError.alreadyExists("An api-destination '" + name + "' already exists.");
        }
        if (destinations.size() >= MAX_RESOURCES) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        }
        required(input, "HttpMethod");
        required(input, "InvocationEndpoint");
        required(input, "ConnectionArn");
        Destination destination = new Destination(
                name,
                region.arn("events", "api-destination/" + name + "/" + account().uuid()),
                input.copy());
        destinations.put(name, destination);
        return summary(destination);
    }

    private void check(JsonObject input) {
        String endpoint = input.getString("InvocationEndpoint");
        if (endpoint != null && !endpoint.startsWith("https://")) {
            throw AwsError.validation("Parameter InvocationEndpoint is not valid. Reason: it must be an HTTPS URL.");
        }
        int rate = number(input, "InvocationRateLimitPerSecond", DEFAULT_RATE);
        if (rate < 1) {
            throw AwsError.validation("InvocationRateLimitPerSecond must be at least 1.");
        }
        String connectionArn = input.getString("ConnectionArn");
        if (connectionArn != null
                && connections.values().stream().noneMatch(one -> one.arn().equals(connectionArn))) {
            throw AwsError.notFound("Connection '" + connectionArn + "' does not exist.");
        }
    }

    private Destination namedDestination(JsonObject input) {
        Destination destination = destinations.get(required(input, "Name"));
        if (destination == null) {
            throw AwsError.notFound("Failed to describe the api-destination(s). An api-destination '"
                    + input.getString("Name") + "' does not exist.");
        }
        return destination;
    }

    private JsonObject summary(Destination destination) {
        Connection connection = connectionOf(destination);
        boolean isActive = connection != null && connection.isAuthorized();
        return new JsonObject()
                .put("ApiDestinationArn", destination.arn)
                .put("ApiDestinationState", isActive ? "ACTIVE" : "INACTIVE")
                .put("CreationTime", destination.created)
                .put("LastModifiedTime", destination.modified);
    }

    private JsonObject describeDestination(JsonObject input) {
        Destination destination = namedDestination(input);
        return new JsonObject()
                .put("InvocationRateLimitPerSecond", DEFAULT_RATE)
                .mergeIn(destination.definition)
                .mergeIn(summary(destination));
    }

    private JsonObject updateDestination(JsonObject input) {
        Destination destination = namedDestination(input);
        check(input);
        destination.definition = destination.definition.copy().mergeIn(input);
        destination.modified = Instant.now();
        return summary(destination);
    }

    private JsonObject deleteDestination(JsonObject input) {
        destinations.remove(namedDestination(input).name);
        return new JsonObject();
    }
}
