package io.handover.genesys;

import static io.handover.genesys.Setup.ANNA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.Behaviour.Answer;
import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeAgent.State;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.genesys.GenesysUser.Image;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenesysClientTest {

    private final Setup setup = new Setup();
    private final FakeGenesys fake = setup.fake;
    private final GenesysClient client = setup.client;

    @AfterEach
    void tearDown() {
        setup.close();
    }

    @Test
    void shouldReturnNameAndPictures() throws Exception {
        // Given
        fake.put(ANNA.withImages(resolution -> "https://pictures.example/" + resolution + ".jpg"));

        // When
        GenesysUser user = client.user(ANNA.id()).orElseThrow();

        // Then
        assertThat(user.id()).isEqualTo(ANNA.id());
        assertThat(user.name()).isEqualTo("Anna Berg");
        assertThat(user.images())
                .contains(
                        new Image(96, "https://pictures.example/x96.jpg"),
                        new Image(480, "https://pictures.example/640x480.jpg"))
                .hasSize(7);
        assertThat(client.problem()).isEmpty();
    }

    @Test
    void shouldReturnThePreferredName() throws Exception {
        // Given
        fake.put(ANNA.withPreferredName("Annie"));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).map(GenesysUser::name).hasValue("Annie");
    }

    @Test
    void shouldFindAnInactiveUser() throws Exception {
        // Given
        fake.put(ANNA.withState(State.INACTIVE));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).map(GenesysUser::name).hasValue("Anna Berg");
        assertThat(setup.userRequests()).hasSize(1);
    }

    @Test
    void shouldFindADeletedUser() throws Exception {
        // Given
        fake.put(ANNA.withState(State.DELETED));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).map(GenesysUser::name).hasValue("Anna Berg");
        assertThat(setup.userRequests())
                .extracting(FakeGenesys.Request::path)
                .containsExactly("/api/v2/users/" + ANNA.id(), "/api/v2/users/" + ANNA.id() + "?state=deleted");
    }

    @Test
    void shouldReturnNothingForAnUnknownId() throws Exception {
        // Given
        fake.forget(ANNA.id());

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).isEmpty();
        assertThat(client.problem()).isEmpty();
        assertThat(setup.requests("404")).isEqualTo(2);
    }

    @Test
    void shouldEncodeTheId() throws Exception {
        // Given
        fake.put(new FakeAgent("a b?state=x#&+é", "Odd"));

        // When
        Optional<GenesysUser> user = client.user("a b?state=x#&+é");

        // Then
        assertThat(user).map(GenesysUser::name).hasValue("Odd");
        assertThat(setup.userRequests())
                .extracting(FakeGenesys.Request::path)
                .containsExactly("/api/v2/users/a%20b%3Fstate%3Dx%23%26%2B%C3%A9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "a/b", "../me", "a\\b", "a%2Fb", "a\r\nb", "/"})
    void shouldNotAskForWhatIsNoId(String id) throws Exception {
        // When
        Optional<GenesysUser> user = client.user(id);

        // Then
        assertThat(user).isEmpty();
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void shouldTryAgainAfterAnErrorOfTheServer(int status) throws Exception {
        // Given
        fake.becomeFor(2, Behaviour.answering(new Answer(status, Map.of(), "")));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).isPresent();
        assertThat(setup.requests("5xx")).isEqualTo(2);
        assertThat(client.problem()).isEmpty();
    }

    @Test
    void shouldTryAgainAfterATimeOut() throws Exception {
        try (Setup impatient =
                new Setup(Setup.FAST, Duration.ofMillis(50), Duration.ofMinutes(1), Duration.ofMillis(500))) {
            // Given
            impatient.fake.becomeFor(1, Behaviour.HANGING);

            // When
            Optional<GenesysUser> user = impatient.client.user(ANNA.id());

            // Then
            assertThat(user).isPresent();
            assertThat(impatient.requests("timeout")).isPositive();
        }
    }

    @Test
    void shouldWaitForASlowAnswer() throws Exception {
        // Given
        fake.become(Behaviour.slow(Duration.ofMillis(50)));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).isPresent();
        assertThat(setup.userRequests()).hasSize(1);
    }

    @Test
    void shouldGiveUpAfterAWhile() {
        try (Setup impatient = new Setup(Setup.FAST, Duration.ofMillis(50), Duration.ofSeconds(1))) {
            // Given
            impatient.fake.become(Behaviour.UNAVAILABLE);

            // When
            assertThatThrownBy(() -> impatient.client.user(ANNA.id()))
                    .isInstanceOf(GenesysException.class)
                    .hasMessage("127.0.0.1 answers 503.");

            // Then
            assertThat(impatient.userRequests()).hasSizeBetween(2, 12);
            assertThat(impatient.client.problem()).hasValue("127.0.0.1 answers 503.");
        }
    }

    @Test
    void shouldTryAgainAfterABrokenConnection() throws Exception {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        GenesysRegion region = GenesysRegion.of("http://127.0.0.1:" + port);
        Timing timing =
                new Timing(Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMinutes(1), System::nanoTime);
        try (GenesysClient other = new GenesysClient(
                new GenesysConnection(region, null, null, Setup.FAST), () -> Setup.RIGHT, registry, timing)) {
            Future<Optional<GenesysUser>> user = setup.async(() -> other.user(ANNA.id()));
            await().until(() -> other.problem().isPresent());
            assertThat(other.problem()).hasValue("The connection to 127.0.0.1 failed (ConnectException).");

            // When
            try (FakeGenesys late = FakeGenesys.start(port)) {
                late.put(ANNA);

                // Then
                assertThat(Setup.result(user)).isPresent();
            }
        }
        assertThat(registry.get("handover.genesys.requests")
                        .tag("status", "error")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void shouldLimitTheTimeOfTheWholeExchange() throws Exception {
        // Given
        CountDownLatch over = new CountDownLatch(1);
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        api.start();
        GenesysRegion region = new GenesysRegion(
                URI.create(fake.baseUrl()),
                URI.create("http://127.0.0.1:" + api.getAddress().getPort()));
        Timing timing = new Timing(Duration.ofMillis(200), Duration.ofMillis(10), Duration.ZERO, System::nanoTime);
        try (GenesysClient other = new GenesysClient(
                new GenesysConnection(region, null, null, Setup.FAST), () -> Setup.RIGHT, setup.registry, timing)) {

            // When
            assertThatThrownBy(() -> other.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessage("127.0.0.1 does not answer within 200 ms.");
        } finally {
            over.countDown();
            api.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 400, 403, 405, 409, 418})
    void shouldFailAtOnceIfGenesysRefuses(int status) {
        // Given
        fake.become(Behaviour.answering(
                new Answer(status, Map.of("Location", fake.baseUrl() + "/pictures/alla.svg"), "{}")));

        // When
        assertThatThrownBy(() -> client.user(ANNA.id()))
                .isInstanceOf(GenesysException.class)
                .hasMessageContaining(String.valueOf(status));

        // Then
        assertThat(setup.userRequests()).hasSize(1);
        assertThat(fake.requestCount()).isEqualTo(2);
        assertThat(client.problem()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "<html>", "\u0000", "{\"name\": \"Anna"})
    void shouldFailOnBrokenJson(String body) {
        // Given
        fake.become(Behaviour.answering(new Answer(200, Map.of(), body)));

        // When
        assertThatThrownBy(() -> client.user(ANNA.id()))
                // Then
                .isInstanceOf(GenesysException.class)
                .hasMessage("Genesys sends broken JSON.")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "7", "{\"name\": null}", "{\"name\": \" \"}", "{\"name\": {}, \"images\": 7}"})
    void shouldReturnNothingForAUserWithoutAName(String body) throws Exception {
        // Given
        fake.become(Behaviour.answering(new Answer(200, Map.of(), body)));

        // When
        Optional<GenesysUser> user = client.user(ANNA.id());

        // Then
        assertThat(user).isEmpty();
    }

    @Test
    void shouldIgnoreWhatItDoesNotKnow() throws Exception {
        // Given
        String body = """
                {"name": "Anna", "preferredName": null, "new": {"a": [1]}, "images": [
                  null, 7, {"resolution": "x96"}, {"resolution": "large", "imageUri": "https://a.example/1"},
                  {"resolution": "x99999999999", "imageUri": "https://a.example/2"},
                  {"resolution": "x48", "imageUri": "https://a.example/3", "new": true}]}
                """;
        fake.become(Behaviour.answering(new Answer(200, Map.of(), body)));

        // When
        GenesysUser user = client.user(ANNA.id()).orElseThrow();

        // Then
        assertThat(user)
                .isEqualTo(new GenesysUser(ANNA.id(), "Anna", java.util.List.of(new Image(48, "https://a.example/3"))));
    }

    @Test
    void shouldRefuseALargeBody() {
        // Given
        fake.become(Behaviour.answering(new Answer(200, Map.of(), "{\"name\":\"" + "a".repeat(1 << 20) + "\"}")));

        // When
        assertThatThrownBy(() -> client.user(ANNA.id()))
                // Then
                .isInstanceOf(GenesysException.class)
                .hasMessage("127.0.0.1 sends more than 1048576 bytes.");
    }

    @Test
    void shouldEndTheCallsThatWaitWhenItIsClosed() {
        // Given
        fake.become(Behaviour.rateLimited(60));
        Future<GenesysUser> user = setup.async(1).get(0);
        await().until(() -> client.problem().isPresent());

        // When
        client.close();

        // Then
        assertThatThrownBy(() -> Setup.result(user)).hasRootCauseMessage("The client of Genesys is closed.");
    }

    @Test
    void shouldStopWhenItIsInterrupted() throws Exception {
        // Given
        fake.become(Behaviour.rateLimited(60));
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                client.user(ANNA.id());
            } catch (InterruptedException e) {
                interrupted.countDown();
            } catch (GenesysException e) {
                // the assertion below fails
            }
        });
        caller.start();
        await().until(() -> client.problem().isPresent());

        // When
        caller.interrupt();

        // Then
        assertThat(interrupted.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldCountRequestsAndTokens() throws Exception {
        // Given
        fake.becomeFor(1, Behaviour.UNAVAILABLE);

        // When
        client.user(ANNA.id());

        // Then
        assertThat(setup.requests("200")).isEqualTo(2);
        assertThat(setup.requests("5xx")).isEqualTo(1);
        for (String other : java.util.List.of("404", "429", "401", "403", "timeout", "error")) {
            assertThat(setup.requests(other)).isZero();
        }
        assertThat(setup.registry.get("handover.genesys.tokens").counter().count())
                .isEqualTo(1);
        assertThat(setup.registry.get("handover.genesys.rate.limited").counter().count())
                .isZero();
    }
}
