package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.schema.Topics;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Sends arbitrary bytes over real connections. For every input, the bridge answers according to its contract, stores
 * exactly what it reports as stored, and works as before afterwards.
 *
 * <p>A failure prints its seed and the smallest failing input. {@code -Djqwik.tries.default=100000} tries more inputs.
 */
class FuzzTest {

    /** Tries until classes are loaded and pools are filled. */
    private static final int WARM_UP = 500;

    private static final int NORMAL_DELIVERY_EVERY = 50;
    private static final int MOST_AT_ONCE = 3;

    private final BridgeFixture bridge =
            new BridgeFixture(true, Map.of("body.max.bytes", Integer.toString(FuzzBodies.MAX_BYTES)));
    private final FuzzWatch watch = new FuzzWatch();
    private int tries;

    @BeforeProperty
    void listen() {
        watch.listen();
    }

    /** Checks the memory only after enough tries, because otherwise there is no earlier value to compare with. */
    @AfterProperty
    void checkWhatIsLeft() throws IOException {
        try (bridge) {
            watch.checkMetrics(bridge);
            if (tries > WARM_UP) {
                watch.checkMemory();
            }
        } finally {
            watch.stopListening();
        }
    }

    @Provide
    Arbitrary<FuzzInput> stored() {
        return Combinators.combine(requests(FuzzBodies.stored()), cuts()).as(FuzzInput::sound);
    }

    @Provide
    Arbitrary<FuzzInput> anyBodies() {
        return Combinators.combine(requests(FuzzBodies.any()), cuts()).as(FuzzInput::sound);
    }

    @Provide
    Arbitrary<FuzzInput> anyRequests() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        9,
                        Combinators.combine(twisted(FuzzTwists.any()), FuzzEdit.upTo(2), cuts())
                                .as(FuzzInput::unsound)),
                Tuple.of(1, FuzzTwists.noHttp().map(FuzzInput::of)));
    }

    @Provide
    Arbitrary<FuzzInput> unauthenticated() {
        return Combinators.combine(twisted(FuzzTwists.apartFromTheKey()), FuzzTwists.wrongKey(), cuts())
                .as((requests, wrongKey, cuts) ->
                        FuzzInput.unsound(requests.stream().map(wrongKey).toList(), List.of(), cuts));
    }

    @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
    void shouldStoreEveryDeliveryHoweverItIsSent(@ForAll("stored") FuzzInput input) throws IOException {
        // When
        FuzzConnection connection = send(input);

        // Then
        assertThat(connection.outcomes()).isEqualTo(outcomesOf(input.bodies().size()));
        assertThat(records(Topics.EVENTS)).isEqualTo(input.bodies());
    }

    @Property(seed = "2", edgeCases = EdgeCasesMode.NONE)
    void shouldAnswerEveryBody(@ForAll("anyBodies") FuzzInput input) throws IOException {
        // When / Then
        send(input);
    }

    @Property(seed = "3", edgeCases = EdgeCasesMode.NONE)
    void shouldKeepTheContractForAnyInput(@ForAll("anyRequests") FuzzInput input) throws IOException {
        // When / Then
        send(input);
    }

    @Property(seed = "4", edgeCases = EdgeCasesMode.NONE)
    void shouldNeitherKeepNorReadWhatUnauthenticatedSendersSend(@ForAll("unauthenticated") FuzzInput input)
            throws IOException {
        // When
        FuzzConnection connection = send(input);

        // Then
        assertThat(connection.answers())
                .allMatch(FuzzAnswer::isFinal)
                .extracting(FuzzAnswer::outcome)
                .filteredOn(outcome -> !outcome.isEmpty())
                .isSubsetOf(
                        "unauthorized",
                        "unauthorized-eventbridge",
                        "unknown-path",
                        "wrong-method",
                        "malformed",
                        "line-too-long",
                        "headers-too-large");
        assertThat(bridge.producer.history()).isEmpty();
    }

    /** Tests the watch itself. Without it, a broken watch would find every log silent. */
    @Example
    void shouldSeeWhatVertxLogs() {
        // Given
        Vertx vertx = Vertx.vertx();

        // When
        vertx.runOnContext(ignored -> {
            throw new IllegalStateException("heard");
        });

        // Then
        await().until(() -> watch.complaints().toString().contains("heard"));
        vertx.close();
    }

    /** Sends the input, and checks everything that holds for any input. */
    private FuzzConnection send(FuzzInput input) throws IOException {
        if (tries % NORMAL_DELIVERY_EVERY == 0) {
            checkThatItStoresDeliveries();
        }
        bridge.producer.clear();
        FuzzConnection connection = FuzzConnection.send(bridge.bridge.port(), input);
        connection.answers().forEach(answer -> answer.check(input));
        connection.outcomes().forEach(watch::saw);
        checkRecords(input, connection);
        assertThat(watch.complaints()).as("the log").isEmpty();
        if (input.isSound()) {
            assertThat(connection.closedByBridge()).isTrue();
            assertThat(connection.finalAnswers()).hasSize(answersUntilTheLast(connection, input));
        }
        tries++;
        if (tries == WARM_UP) {
            watch.remember();
        }
        return connection;
    }

    /** The number of requests, unless the bridge announces earlier that it closes the connection. */
    private static int answersUntilTheLast(FuzzConnection connection, FuzzInput input) {
        List<FuzzAnswer> answers = connection.finalAnswers();
        return IntStream.range(0, answers.size())
                        .filter(i -> answers.get(i).headers().contains("connection: close\r\n"))
                        .findFirst()
                        .orElse(input.answers() - 1)
                + 1;
    }

    private void checkRecords(FuzzInput input, FuzzConnection connection) {
        List<String> events = records(Topics.EVENTS);
        List<String> deadLetters = records(Topics.DEAD_LETTERS);
        long stored = count(connection, "stored");
        long deadLettered = count(connection, "unreadable") + count(connection, "no-key");
        assertThat(events).hasSizeGreaterThanOrEqualTo((int) stored).allMatch(input::mayContain);
        assertThat(deadLetters).hasSizeGreaterThanOrEqualTo((int) deadLettered).allMatch(input::mayContain);
        if (connection.closedByBridge()) {
            assertThat(events).hasSize((int) stored);
            assertThat(deadLetters).hasSize((int) deadLettered);
        }
    }

    private void checkThatItStoresDeliveries() throws IOException {
        FuzzRequest normal = FuzzRequest.delivery(new String(Deliveries.customerEnd(), StandardCharsets.ISO_8859_1));
        FuzzInput input = FuzzInput.sound(List.of(normal.withLength()), List.of());
        assertThat(FuzzConnection.send(bridge.bridge.port(), input).outcomes()).isEqualTo(outcomesOf(1));
    }

    /** The outcomes of this number of deliveries and of the last request of a connection. */
    private static List<String> outcomesOf(int deliveries) {
        List<String> outcomes = new ArrayList<>(Collections.nCopies(deliveries, "stored"));
        outcomes.add("unknown-path");
        return outcomes;
    }

    private List<String> records(String topic) {
        return bridge.producer.history().stream()
                .filter(sent -> sent.topic().equals(topic))
                .map(sent -> new String(sent.value(), StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static long count(FuzzConnection connection, String outcome) {
        return connection.outcomes().stream().filter(outcome::equals).count();
    }

    /** Valid requests with a length or in chunks. */
    private static Arbitrary<List<FuzzRequest>> requests(Arbitrary<String> bodies) {
        Arbitrary<UnaryOperator<FuzzRequest>> framing = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(FuzzRequest::withLength)),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        Arbitraries.integers().between(50, 10_000),
                                        Arbitraries.of("", ";a=b", ";a=\"b c\""))
                                .as((size, extension) -> request -> request.inChunksOf(size, extension))));
        Arbitrary<List<String>> lines = Arbitraries.of(
                List.of(),
                List.of("Expect: 100-continue"),
                List.of("Content-Encoding: identity"),
                List.of("authorization-: wrong", "X-Authorization: wrong"));
        return Combinators.combine(bodies, lines, framing)
                .as((body, more, frame) ->
                        frame.apply(FuzzRequest.delivery(body).with(more.toArray(String[]::new))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(MOST_AT_ONCE);
    }

    private static Arbitrary<List<FuzzRequest>> twisted(Arbitrary<UnaryOperator<FuzzRequest>> twists) {
        return Combinators.combine(
                        Arbitraries.frequencyOf(Tuple.of(3, FuzzBodies.stored()), Tuple.of(1, FuzzBodies.any())),
                        twists.list().ofMaxSize(2))
                .as((body, twistsOfIt) -> {
                    FuzzRequest request = FuzzRequest.delivery(body).withLength();
                    for (UnaryOperator<FuzzRequest> twist : twistsOfIt) {
                        request = twist.apply(request);
                    }
                    return request;
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(MOST_AT_ONCE);
    }

    private static Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 1_000).list().ofMaxSize(4);
    }
}
