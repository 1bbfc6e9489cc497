package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The partner event sources and the event buses of EventBridge, and the tags of buses and rules. */
final class Buses extends Service {

    static final String DEFAULT = "default";

    private static final int MAX_BUSES = 100;

    /** How long a source waits for its bus. */
    static final Duration PENDING_TIME = Duration.ofDays(14);

    private final Region region;
    private final Map<String, Source> sources = new TreeMap<>();
    private final Map<String, Bus> buses = new TreeMap<>();

    /** A partner event source. */
    private static final class Source {
        private final Instant created = Instant.now();
        private final String name;
        private Instant expires;
        private String state = "PENDING";

        private Source(String name, Duration lifetime) {
            this.name = name;
            this.expires = created.plus(lifetime);
        }
    }

    /** An event bus with its rules. */
    static final class Bus {
        private final Instant created = Instant.now();
        private final String name;
        private final String arn;
        private final @Nullable String description;
        private final Tags tags = new Tags();
        private final Map<String, Rule> rules = new TreeMap<>();
        /** How often the bus is still reported to have rules. */
        private int stale;

        private Bus(String name, String arn, @Nullable String description) {
            this.name = name;
            this.arn = arn;
            this.description = description;
        }

        String name() {
            return name;
        }

        String arn() {
            return arn;
        }

        Map<String, Rule> rules() {
            return rules;
        }

        void becomeStale(int times) {
            stale = times;
        }
    }

    Buses(Region region) {
        super(region.account(), "events");
        this.region = region;
        buses.put(DEFAULT, new Bus(DEFAULT, busArn(DEFAULT), null));
        on("ListEventSources", ANYTHING, this::listSources);
        on("DescribeEventSource", input -> List.of(sourceArn(required(input, "Name"))), this::describeSource);
        on("CreateEventBus", input -> List.of(busArn(required(input, "Name"))), this::create);
        on("DescribeEventBus", input -> List.of(busArn(nameOf(input.getString("Name")))), this::describe);
        on("DeleteEventBus", input -> List.of(busArn(required(input, "Name"))), this::delete);
        on("TagResource", input -> List.of(required(input, "ResourceARN")), this::tag);
        on(
                "ListTagsForResource",
                input -> List.of(required(input, "ResourceARN")),
                input -> new JsonObject()
                        .put("Tags", tagsOf(required(input, "ResourceARN")).list()));
    }

    /** Adds a partner event source, as Genesys does when its integration is created. */
    void addSource(String name, Duration lifetime) {
        sources.put(name, new Source(name, lifetime));
    }

    /** Deletes a source, as Genesys does when its integration is deleted. */
    void deleteSource(String name) {
        if (buses.containsKey(name)) {
            Objects.requireNonNull(sources.get(name), name).state = "DELETED";
        } else {
            sources.remove(name);
        }
    }

    boolean isActive(String sourceName) {
        Source source = sources.get(sourceName);
        return source != null && source.state.equals("ACTIVE");
    }

    /** Returns a bus by its name or ARN; null stands for the default bus. */
    Bus bus(@Nullable String nameOrArn) {
        String name = nameOf(nameOrArn);
        Bus bus = buses.get(name);
        if (bus == null) {
            throw AwsError.notFound("Event bus " + name + " does not exist.");
        }
        return bus;
    }

    Iterable<Bus> all() {
        return buses.values();
    }

    static String nameOf(@Nullable String nameOrArn) {
        if (nameOrArn == null) {
            return DEFAULT;
        }
        return nameOrArn.startsWith("arn:") ? nameOrArn.substring(nameOrArn.indexOf('/') + 1) : nameOrArn;
    }

    private String busArn(String name) {
        return region.arn("events", "event-bus/" + name);
    }

    private String sourceArn(String name) {
        return account().foreignArn("events", region.name(), "event-source/" + name);
    }

    private JsonObject listSources(JsonObject input) {
        expire();
        String prefix = input.getString("NamePrefix", "");
        List<JsonObject> matching = sources.values().stream()
                .filter(source -> source.name.startsWith(prefix))
                .map(this::json)
                .toList();
        return Page.output("EventSources", matching, input, account().behaviour());
    }

    private JsonObject describeSource(JsonObject input) {
        expire();
        Source source = sources.get(required(input, "Name"));
        if (source == null) {
            throw AwsError.notFound("Event source " + input.getString("Name") + " does not exist.");
        }
        return json(source);
    }

    private JsonObject json(Source source) {
        JsonObject json = new JsonObject()
                .put("Arn", sourceArn(source.name))
                .put("Name", source.name)
                .put("CreatedBy", source.name.substring(0, source.name.indexOf('/', "aws.partner/".length())))
                .put("CreationTime", source.created)
                .put("State", source.state);
        return source.state.equals("PENDING") ? json.put("ExpirationTime", source.expires) : json;
    }

    /** Deletes the sources that waited too long for their bus. */
    private void expire() {
        Instant now = Instant.now();
        sources.values().removeIf(source -> source.state.equals("PENDING") && !now.isBefore(source.expires));
    }

    private JsonObject create(JsonObject input) {
        expire();
        String name = required(input, "Name");
        String sourceName = input.getString("EventSourceName");
        if (input.containsKey("Tags")) {
            account().require("events:TagResource", busArn(name));
        }
        if (buses.containsKey(name)) {
            throw AwsError.alreadyExists("Event bus " + name + " already exists.");
        }
        if (buses.size() >= MAX_BUSES) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        }
        if (sourceName != null) {
            Source source = sources.get(sourceName);
            if (source == null) {
                throw AwsError.notFound("Event source " + sourceName + " does not exist.");
            }
            if (!name.equals(sourceName)) {
                throw AwsError.validation("Event bus name must match the event source name.");
            }
            if (!source.state.equals("PENDING")) {
                throw new AwsError(
                        400, "InvalidStateException", "Event source " + sourceName + " is in state " + source.state);
            }
            source.state = "ACTIVE";
        } else if (name.contains("/")) {
            throw AwsError.validation("Event bus name must not contain '/'.");
        }
        Bus bus = new Bus(name, busArn(name), input.getString("Description"));
        bus.tags.add(input.getJsonArray("Tags"));
        buses.put(name, bus);
        return new JsonObject().put("EventBusArn", bus.arn);
    }

    private JsonObject describe(JsonObject input) {
        Bus bus = bus(input.getString("Name"));
        JsonObject json = new JsonObject()
                .put("Arn", bus.arn)
                .put("Name", bus.name)
                .put("CreationTime", bus.created)
                .put("LastModifiedTime", bus.created);
        return bus.description == null ? json : json.put("Description", bus.description);
    }

    /** Deletes a bus; its source waits for a bus again. That a bus does not exist is no error. */
    private JsonObject delete(JsonObject input) {
        String name = required(input, "Name");
        if (name.equals(DEFAULT)) {
            throw AwsError.validation("Cannot delete event bus default.");
        }
        Bus bus = buses.get(name);
        if (bus == null) {
            return new JsonObject();
        }
        if (!bus.rules.isEmpty() || bus.stale-- > 0) {
            throw AwsError.validation("EventBus can't be deleted since it has rules.");
        }
        buses.remove(name);
        Source source = sources.get(name);
        if (source != null && source.state.equals("DELETED")) {
            sources.remove(name);
        } else if (source != null) {
            source.state = "PENDING";
            source.expires = Instant.now().plus(PENDING_TIME);
        }
        return new JsonObject();
    }

    private JsonObject tag(JsonObject input) {
        tagsOf(required(input, "ResourceARN")).add(input.getJsonArray("Tags"));
        return new JsonObject();
    }

    /** Returns the tags of a bus or a rule. Nothing else of EventBridge can have tags. */
    private Tags tagsOf(String arn) {
        for (Bus bus : buses.values()) {
            if (bus.arn.equals(arn)) {
                return bus.tags;
            }
            for (Rule rule : bus.rules.values()) {
                if (rule.arn().equals(arn)) {
                    return rule.tags();
                }
            }
        }
        if (arn.contains(":rule/") || arn.contains(":event-bus/")) {
            throw AwsError.notFound("Resource " + arn + " does not exist.");
        }
        throw AwsError.validation("Tagging is not supported for " + arn);
    }

    /** How often a change of the bus is not seen yet. */
    int lag() {
        return account().behaviour().count(Trait.LAG);
    }
}
