package io.handover.fakeaws;

import io.handover.fakeaws.Buses.Bus;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The archives and replays of EventBridge. Each archive has a rule on its bus that AWS manages, and this rule keeps the
 * bus from being deleted (assumed: AWS documents the rule, and that a bus with rules cannot be deleted).
 */
final class Archives extends Service {

    private static final int MAX_EVENTS = 10_000;
    private static final int MAX_REPLAYS = 1_000;
    private static final String RULE = "Events-Archive-";

    /** How long an event can take to its archive. */
    private static final Duration DELAY = Duration.ofMinutes(10);

    private static final Duration STARTING = Duration.ofSeconds(10);

    private final Region region;
    private final Vertx vertx;
    private final Buses buses;
    private final Deliveries deliveries;
    private final Map<String, Archive> archives = new TreeMap<>();
    private final Map<String, JsonObject> replays = new TreeMap<>();

    private record Archived(JsonObject event, long availableAtMs) {}

    private static final class Archive {
        private final Instant created = Instant.now();
        private final Deque<Archived> events = new ArrayDeque<>();
        private final String name;
        private final String arn;
        private JsonObject definition;
        private @Nullable EventPattern pattern;
        private String busyState = "CREATING";
        private Progress progress;
        private long totalBytes;

        private Archive(String name, String arn, JsonObject definition, Progress progress) {
            this.name = name;
            this.arn = arn;
            this.definition = definition;
            this.progress = progress;
            define(definition);
        }

        private void define(JsonObject newDefinition) {
            String text = newDefinition.getString("EventPattern");
            pattern = text == null ? null : new EventPattern(text);
            definition = newDefinition;
        }

        private String state() {
            return progress.isReady() ? "ENABLED" : busyState;
        }

        private String busName() {
            return Buses.nameOf(definition.getString("EventSourceArn"));
        }
    }

    Archives(Region region, Vertx vertx, Buses buses, Deliveries deliveries) {
        super(region.account(), "events");
        this.region = region;
        this.vertx = vertx;
        this.buses = buses;
        this.deliveries = deliveries;
        on("CreateArchive", this::createdArns, this::create);
        on("DescribeArchive", this::archiveArn, this::describe);
        on("UpdateArchive", this::archiveArn, this::update);
        on("DeleteArchive", this::archiveArn, this::delete);
        on("StartReplay", this::replayArns, this::startReplay);
        on("DescribeReplay", input -> List.of(replayArn(required(input, "ReplayName"))), this::describeReplay);
    }

    /** Puts an event into the archives of its bus. */
    void store(Bus bus, JsonObject event) {
        for (Archive archive : archives.values()) {
            if (archive.busName().equals(bus.name()) && (archive.pattern == null || archive.pattern.matches(event))) {
                archive.events.add(new Archived(
                        event,
                        System.currentTimeMillis() + account().behaviour().scaledMs(DELAY)));
                archive.totalBytes += event.encode().length();
                if (archive.events.size() > MAX_EVENTS) {
                    archive.events.remove();
                }
            }
        }
    }

    List<String> arns() {
        return archives.values().stream().map(archive -> archive.arn).toList();
    }

    private List<String> archiveArn(JsonObject input) {
        return List.of(arn(required(input, "ArchiveName")));
    }

    private List<String> createdArns(JsonObject input) {
        return List.of(arn(required(input, "ArchiveName")), required(input, "EventSourceArn"));
    }

    private List<String> replayArns(JsonObject input) {
        return List.of(replayArn(required(input, "ReplayName")), required(input, "EventSourceArn"));
    }

    private String arn(String name) {
        return region.arn("events", "archive/" + name);
    }

    private String replayArn(String name) {
        return region.arn("events", "replay/" + name);
    }

    private Archive archive(JsonObject input) {
        Archive archive = archives.get(required(input, "ArchiveName"));
        if (archive == null) {
            throw AwsError.notFound("Archive " + input.getString("ArchiveName") + " does not exist.");
        }
        return archive;
    }

    private JsonObject create(JsonObject input) {
        String name = required(input, "ArchiveName");
        Bus bus = buses.bus(required(input, "EventSourceArn"));
        if (!bus.arn().equals(input.getString("EventSourceArn"))) {
            throw AwsError.validation(
                    "The event bus " + input.getString("EventSourceArn") + " is not in this account and region.");
        }
        if (archives.containsKey(name)) {
            throw AwsError.alreadyExists("Archive " + name + " already exists.");
        }
        Archive archive = new Archive(
                name, arn(name), input.copy(), new Progress(account().behaviour()));
        archives.put(name, archive);
        defineRule(bus, archive);
        return summary(archive);
    }

    /** Makes or replaces the managed rule of an archive. It matches no replayed events. */
    private void defineRule(Bus bus, Archive archive) {
        JsonObject pattern = new JsonObject(archive.definition.getString("EventPattern", "{}"))
                .put("replay-name", new JsonArray().add(new JsonObject().put("exists", false)));
        JsonObject definition = new JsonObject().put("EventPattern", pattern.encode());
        String rule = RULE + archive.name;
        bus.rules()
                .put(rule, new Rule(rule, Rule.arn(region, bus.name(), rule), bus.name(), Rule.ARCHIVES, definition));
    }

    private static JsonObject summary(Archive archive) {
        return new JsonObject()
                .put("ArchiveArn", archive.arn)
                .put("State", archive.state())
                .put("CreationTime", archive.created);
    }

    private JsonObject describe(JsonObject input) {
        Archive archive = archive(input);
        JsonObject json = new JsonObject()
                .put("RetentionDays", 0)
                .mergeIn(archive.definition)
                .mergeIn(summary(archive))
                .put("EventCount", available(archive).count())
                .put("SizeBytes", archive.totalBytes);
        archive.progress.advance();
        return json;
    }

    private JsonObject update(JsonObject input) {
        Archive archive = archive(input);
        if (!archive.progress.isReady()) {
            throw AwsError.concurrentModification("Archive " + archive.name + " is in state " + archive.state() + ".");
        }
        archive.define(archive.definition.copy().mergeIn(input));
        archive.busyState = "UPDATING";
        archive.progress = new Progress(account().behaviour());
        defineRule(buses.bus(archive.busName()), archive);
        return summary(archive);
    }

    private JsonObject delete(JsonObject input) {
        Archive archive = archive(input);
        if (!archive.progress.isReady()) {
            throw AwsError.concurrentModification("Archive " + archive.name + " is in state " + archive.state() + ".");
        }
        archives.remove(archive.name);
        Bus bus = buses.bus(archive.busName());
        bus.rules().remove(RULE + archive.name);
        bus.becomeStale(buses.lag());
        return new JsonObject();
    }

    private static Stream<JsonObject> available(Archive archive) {
        long now = System.currentTimeMillis();
        return archive.events.stream()
                .filter(archived -> archived.availableAtMs() <= now)
                .map(Archived::event);
    }

    private JsonObject startReplay(JsonObject input) {
        String name = required(input, "ReplayName");
        String archiveArn = required(input, "EventSourceArn");
        Archive archive = archives.values().stream()
                .filter(one -> one.arn.equals(archiveArn))
                .findFirst()
                .orElseThrow(() -> AwsError.notFound("Archive " + archiveArn + " does not exist."));
        JsonObject destination = input.getJsonObject("Destination");
        Bus bus = buses.bus(required(destination, "Arn"));
        if (replays.containsKey(name)) {
            throw AwsError.alreadyExists("Replay " + name + " already exists.");
        }
        if (!bus.name().equals(archive.busName())) {
            throw AwsError.validation(
                    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
        }
        if (replays.size() >= MAX_REPLAYS) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        }
        Instant start = instant(input, "EventStartTime");
        Instant end = instant(input, "EventEndTime");
        if (!start.isBefore(end)) {
            throw AwsError.validation("EventStartTime must be before EventEndTime.");
        }
        JsonObject replay = input.copy()
                .put("ReplayArn", replayArn(name))
                .put("State", "STARTING")
                .put("EventStartTime", start)
                .put("EventEndTime", end)
                .put("ReplayStartTime", Instant.now());
        replays.put(name, replay);
        vertx.setTimer(account().behaviour().scaledMs(STARTING), timer -> run(replay, archive, bus, start, end));
        return new JsonObject()
                .put("ReplayArn", replayArn(name))
                .put("State", "STARTING")
                .put("ReplayStartTime", Instant.now());
    }

    /** Delivers the events of a replay to the rules that the replay names, or to all. They come in any order. */
    private void run(JsonObject replay, Archive archive, Bus bus, Instant start, Instant end) {
        synchronized (account()) {
            Set<String> rules = replay.getJsonObject("Destination").getJsonArray("FilterArns", new JsonArray()).stream()
                    .map(String::valueOf)
                    .collect(Collectors.toSet());
            List<JsonObject> events = new ArrayList<>(available(archive)
                    .filter(event -> isWithin(event, start, end))
                    .map(event -> event.copy().put("replay-name", replay.getString("ReplayName")))
                    .toList());
            Collections.shuffle(events, account().random());
            for (JsonObject event : events) {
                bus.rules().values().stream()
                        .filter(rule -> rules.isEmpty() || rules.contains(rule.arn()))
                        .filter(rule -> rule.matches(event))
                        .forEach(rule -> deliveries.invoke(rule, event));
            }
            replay.put("State", "COMPLETED").put("EventLastReplayedTime", end).put("ReplayEndTime", Instant.now());
        }
    }

    private static boolean isWithin(JsonObject event, Instant start, Instant end) {
        Instant time = Instant.parse(event.getString("time"));
        return !time.isBefore(start) && time.isBefore(end);
    }

    private JsonObject describeReplay(JsonObject input) {
        JsonObject replay = replays.get(required(input, "ReplayName"));
        if (replay == null) {
            throw AwsError.notFound("Replay " + input.getString("ReplayName") + " does not exist.");
        }
        return replay.copy();
    }

    private static Instant instant(JsonObject input, String field) {
        Double seconds = input.getDouble(field);
        if (seconds == null) {
            throw AwsError.validation(field + " is missing");
        }
        return Instant.ofEpochMilli(Math.round(seconds * 1_000));
    }
}
