package io.handover.streams;

import io.handover.conversation.fold.StateStores;
import io.handover.schema.IsoTime;
import io.micrometer.core.instrument.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries for all instances of the application: for its own partitions from {@link StateQueries}, for the others by
 * asking their instances. A question of another instance is answered for the own partitions alone.
 */
final class Installation {

    /** In place of an instance, for partitions that nobody processes now. */
    private static final String UNASSIGNED = "unassigned";

    static final String MOVING = "The partitions are moving between the instances: try again in a few seconds.";

    private final Supplier<@Nullable KafkaStreams> streams;
    private final HostInfo self;
    private final String eventsTopic;
    private final LivePartitions live;
    private final IntSupplier partitions;
    private final StateQueries queries;
    private final InstanceStatus status;
    private final OtherInstances others;
    private final QueryWorkers workers;
    private final Clock clock;

    /**
     * A question of an operator.
     *
     * @param context the event loop on which it is answered
     * @param uri the path and the parameters, to ask other instances
     * @param authorization the header with the token of the operator
     * @param isForwarded whether another instance asks
     * @param isShared whether other instances may give an answer that they have read before, see {@link SharedAnswers}
     * @param cost receives what the answer takes on this instance
     */
    record Question(
            Context context, String uri, String authorization, boolean isForwarded, boolean isShared, Cost cost) {}

    /** Another instance, and the partitions that it processes. */
    private record Peer(HostInfo host, Set<Integer> partitions, Set<Integer> standbys) {}

    /**
     * Who processes which partitions.
     *
     * @param starting the partitions of this instance that it cannot answer for yet
     * @param unassigned the partitions that nobody processes now
     */
    private record Assignment(List<Peer> peers, Set<Integer> starting, Set<Integer> unassigned) {}

    /**
     * What the other instances answered.
     *
     * @param silent the instances that did not answer
     */
    private record Answers(Assignment assignment, List<JsonObject> bodies, List<Peer> silent) {}

    Installation(
            Supplier<@Nullable KafkaStreams> streams,
            HostInfo self,
            String eventsTopic,
            LivePartitions live,
            IntSupplier partitions,
            StateQueries queries,
            InstanceStatus status,
            OtherInstances others,
            QueryWorkers workers,
            Clock clock) {
        this.streams = streams;
        this.self = self;
        this.eventsTopic = eventsTopic;
        this.live = live;
        this.partitions = partitions;
        this.queries = queries;
        this.status = status;
        this.others = others;
        this.workers = workers;
        this.clock = clock;
    }

    private <T> Future<T> run(Question question, Callable<T> work) {
        return workers.run(question.context(), question.cost().counting(work));
    }

    static String name(HostInfo host) {
        return host.host() + ':' + host.port();
    }

    /** Everything of a conversation. Fails with 404 if it is unknown, and with 503 if no instance that has it answers. */
    Future<JsonObject> conversation(Question question, String id) {
        return run(question, () -> place(id))
                .compose(place -> question.isForwarded()
                        ? local(question, id, place.partition())
                        : firstAnswer(question, id, place, new ArrayList<>(), 0));
    }

    /** Where a conversation is: its partition, and the instances that have it, the active one first. */
    private record Place(int partition, List<HostInfo> hosts) {}

    private Place place(String id) {
        KafkaStreams running = streams.get();
        if (running == null) {
            throw moving();
        }
        KeyQueryMetadata metadata = running.queryMetadataForKey(StateStores.CONVERSATIONS, id, new StringSerializer());
        if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            throw moving();
        }
        List<HostInfo> hosts = new ArrayList<>();
        if (!metadata.activeHost().equals(HostInfo.unavailable())) {
            hosts.add(metadata.activeHost());
        }
        metadata.standbyHosts().stream()
                .sorted(Comparator.comparing(Installation::name))
                .forEach(hosts::add);
        if (hosts.isEmpty()) {
            throw moving();
        }
        return new Place(metadata.partition(), hosts);
    }

    private static RequestException moving() {
        return new RequestException(RequestException.UNAVAILABLE, MOVING);
    }

    private Future<JsonObject> firstAnswer(
            Question question, String id, Place place, List<String> silent, int position) {
        if (position == place.hosts().size()) {
            return Future.failedFuture(new RequestException(
                    RequestException.UNAVAILABLE,
                    "Partition " + place.partition() + " of the conversation was not answered by "
                            + String.join(", ", silent) + ": try again in a few seconds, or look at these instances."));
        }
        HostInfo host = place.hosts().get(position);
        Future<JsonObject> answer = host.equals(self)
                ? local(question, id, place.partition())
                : others.ask(host, question).compose(Installation::body);
        return answer.recover(e -> {
            if (e instanceof RequestException known && known.status() == RequestException.NOT_FOUND) {
                return Future.failedFuture(e);
            }
            silent.add(name(host));
            return firstAnswer(question, id, place, silent, position + 1);
        });
    }

    private static Future<JsonObject> body(OtherInstances.Answer answer) {
        return answer.status() == 200
                ? Future.succeededFuture(answer.body())
                : Future.failedFuture(new RequestException(
                        answer.status(), String.valueOf(answer.body().getValue("error"))));
    }

    private Future<JsonObject> local(Question question, String id, int partition) {
        return run(question, () -> {
            JsonObject found = queries.conversation(id, partition);
            if (found == null) {
                throw new RequestException(
                        RequestException.NOT_FOUND,
                        "The conversation is unknown: no event of it has arrived, or it is forgotten already.");
            }
            return answer().put("answeredBy", name(self)).mergeIn(found);
        });
    }

    private JsonObject answer() {
        return new JsonObject().put("now", IsoTime.format(Instant.ofEpochMilli(clock.wallTime())));
    }

    /** A page of the ends that are held. */
    Future<JsonObject> held(Question question, @Nullable TimeKey after, int limit) {
        return page(question, limit, "deadline", () -> queries.held(after, limit));
    }

    /** A page of the open handovers. */
    Future<JsonObject> open(Question question, @Nullable TimeKey after, int limit) {
        return page(question, limit, "openedAt", () -> queries.open(after, limit));
    }

    private Future<JsonObject> page(Question question, int limit, String time, Supplier<Page> own) {
        Future<Answers> asked = peers(question, "items");
        return run(question, own::get)
                .compose(page -> asked.compose(answers -> run(question, () -> {
                    List<Page> pages = new ArrayList<>();
                    pages.add(page);
                    answers.bodies().forEach(body -> pages.add(page(body, time)));
                    return withUnreachable(Page.merged(pages, limit).addTo(answer()), answers);
                })));
    }

    private static Page page(JsonObject body, String time) {
        List<Page.Item> items = new ArrayList<>();
        for (Object item : body.getJsonArray("items", new JsonArray())) {
            JsonObject json = (JsonObject) item;
            Long at = IsoTime.parseOrNull(json.getString(time));
            if (at != null) {
                items.add(new Page.Item(new TimeKey(at, json.getString("conversationId")), json));
            }
        }
        return new Page(items, Page.cursor(body.getString("next")));
    }

    /** Names the partitions that are missing in an answer. */
    private JsonObject withUnreachable(JsonObject answer, Answers answers) {
        JsonArray unreachable = new JsonArray();
        for (JsonObject body : answers.bodies()) {
            body.getJsonArray("unreachable", new JsonArray()).forEach(unreachable::add);
        }
        answers.silent().forEach(peer -> addUnreachable(unreachable, name(peer.host()), peer.partitions()));
        addUnreachable(unreachable, name(self), answers.assignment().starting());
        addUnreachable(unreachable, UNASSIGNED, answers.assignment().unassigned());
        return answer.put("unreachable", unreachable);
    }

    private static void addUnreachable(JsonArray unreachable, String instance, Set<Integer> partitions) {
        if (!partitions.isEmpty()) {
            unreachable.add(new JsonObject()
                    .put("instance", instance)
                    .put("partitions", new JsonArray(List.copyOf(partitions))));
        }
    }

    /** How many handovers are open and held. */
    Future<JsonObject> counts(Question question) {
        Future<Answers> asked = peers(question, "readings");
        return run(question, queries::counts)
                .compose(own -> asked.map(answers -> {
                    JsonObject sum = answer().mergeIn(own);
                    for (JsonObject body : answers.bodies()) {
                        sum.put("open", sum.getLong("open") + body.getLong("open"));
                        add(sum.getJsonObject("held"), body.getJsonObject("held"));
                        add(sum.getJsonObject("readings"), body.getJsonObject("readings"));
                    }
                    return withUnreachable(sum, answers);
                }));
    }

    private static void add(JsonObject sums, JsonObject counts) {
        counts.forEach(count ->
                sums.put(count.getKey(), sums.getLong(count.getKey(), 0L) + ((Number) count.getValue()).longValue()));
    }

    /** All instances and their partitions. Before Kafka Streams has started, this one knows of no other. */
    Future<JsonObject> instances(Question question) {
        Future<Answers> asked = peers(question, "instances")
                .otherwise(new Answers(new Assignment(List.of(), Set.of(), Set.of()), List.of(), List.of()));
        return run(question, () -> status.of(name(self)))
                .compose(own -> asked.map(answers -> {
                    List<JsonObject> all = new ArrayList<>();
                    all.add(own);
                    for (JsonObject body : answers.bodies()) {
                        for (Object instance : body.getJsonArray("instances", new JsonArray())) {
                            all.add(((JsonObject) instance).put("self", false));
                        }
                    }
                    for (Peer peer : answers.silent()) {
                        JsonArray partitions = new JsonArray();
                        peer.partitions().forEach(number -> partitions.add(new JsonObject().put("partition", number)));
                        all.add(new JsonObject()
                                .put("instance", name(peer.host()))
                                .put("self", false)
                                .put("reachable", false)
                                .put("partitions", partitions)
                                .put("standbys", new JsonArray(List.copyOf(peer.standbys()))));
                    }
                    all.sort(Comparator.comparing(instance -> instance.getString("instance")));
                    return answer().put("instances", new JsonArray(all));
                }));
    }

    /**
     * Asks all other instances the same.
     *
     * @param field what an answer must have; something else may listen at the address
     */
    private Future<Answers> peers(Question question, String field) {
        return run(question, () -> assignment(question.isForwarded())).compose(assignment -> {
            List<Peer> peers = assignment.peers();
            List<Future<@Nullable JsonObject>> asked = new ArrayList<>();
            for (Peer peer : peers) {
                asked.add(others.ask(peer.host(), question)
                        .map(answer ->
                                answer.status() == 200 && answer.body().containsKey(field) ? answer.body() : null)
                        .otherwise((JsonObject) null));
            }
            return Future.all(asked).map(all -> {
                List<JsonObject> bodies = new ArrayList<>();
                List<Peer> silent = new ArrayList<>();
                for (int i = 0; i < peers.size(); i++) {
                    JsonObject body = asked.get(i).result();
                    if (body == null) {
                        silent.add(peers.get(i));
                    } else {
                        bodies.add(body);
                    }
                }
                return new Answers(assignment, bodies, silent);
            });
        });
    }

    private Assignment assignment(boolean isForwarded) {
        KafkaStreams running = streams.get();
        if (running == null) {
            throw moving();
        }
        Set<Integer> starting = new TreeSet<>();
        Set<Integer> unassigned = new TreeSet<>();
        for (int partition = 0; partition < partitions.getAsInt(); partition++) {
            unassigned.add(partition);
        }
        List<Peer> peers = new ArrayList<>();
        for (StreamsMetadata metadata : running.metadataForAllStreamsClients()) {
            Set<Integer> active = numbers(metadata.topicPartitions());
            unassigned.removeAll(active);
            if (metadata.hostInfo().equals(self)) {
                starting.addAll(active);
            } else {
                peers.add(new Peer(metadata.hostInfo(), active, numbers(metadata.standbyTopicPartitions())));
            }
        }
        live.all().forEach(partition -> {
            starting.remove(partition.partition());
            unassigned.remove(partition.partition());
        });
        return isForwarded
                ? new Assignment(List.of(), starting, Set.of())
                : new Assignment(peers, starting, unassigned);
    }

    private Set<Integer> numbers(Set<TopicPartition> partitions) {
        Set<Integer> numbers = new TreeSet<>();
        for (TopicPartition partition : partitions) {
            if (partition.topic().equals(eventsTopic)) {
                numbers.add(partition.partition());
            }
        }
        return numbers;
    }
}
