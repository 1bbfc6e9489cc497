package io.handover.genesys;

import static io.handover.genesys.Setup.ANNA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.Behaviour.Answer;
import io.handover.fakegenesys.FakeGenesys.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration BACK_OFF = Duration.ofMillis(50);
    /** What the clocks of client and fake may differ by in a second. */
    private static final Duration TOLERANCE = Duration.ofMillis(20);

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT1M"})
    void shouldSendNoMoreThanTheConfiguredRate(Duration idle) throws Exception {
        try (Setup setup = new Setup(600, BACK_OFF, A_MINUTE)) {
            // Given
            setup.client.user(ANNA.id());
            setup.putClockForward(idle);
            long start = System.nanoTime();

            // When
            List<Future<GenesysUser>> users = setup.async(11);

            // Then
            for (Future<GenesysUser> user : users) {
                assertThat(Setup.result(user).name()).isEqualTo("Anna Berg");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void shouldRefuseWhatWouldWaitTooLongForItsTurn() throws Exception {
        try (Setup setup = new Setup(1, BACK_OFF, Duration.ofSeconds(30))) {
            // When
            assertThatThrownBy(() -> setup.client.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessageContaining("rate limit of this client");
            assertThat(setup.userRequests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPauseAllRequestsAsLongAsGenesysAsks(boolean isInHeader) throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, A_MINUTE)) {
            // Given
            setup.fake.becomeFor(1, isInHeader ? Behaviour.rateLimited(1) : Behaviour.rateLimitedWithoutHeader(1));
            Future<GenesysUser> first = setup.async(1).get(0);
            await().until(() -> setup.requests("429") > 0);

            // When
            List<Future<GenesysUser>> later = setup.async(4);

            // Then
            Setup.result(first);
            for (Future<GenesysUser> user : later) {
                Setup.result(user);
            }
            List<Request> requests = setup.userRequests();
            assertThat(requests).hasSize(6);
            assertThat(requests.get(0).status()).isEqualTo(429);
            Instant pauseEnd = requests.get(0).time().plusSeconds(1).minus(TOLERANCE);
            assertThat(requests.subList(1, 6))
                    .allMatch(request -> request.time().isAfter(pauseEnd));
            assertThat(setup.requests("429")).isEqualTo(1);
            assertThat(setup.registry
                            .get("handover.genesys.rate.limited")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(setup.client.problem()).isEmpty();
        }
    }

    @Test
    void shouldPauseWhenTheTokenEndpointLimitsTheRate() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, A_MINUTE)) {
            // Given
            setup.fake.tokensBecome(Behaviour.rateLimited(1));
            Future<GenesysUser> user = setup.async(1).get(0);
            await().until(() -> setup.requests("429") > 0);

            // When
            setup.fake.tokensBecome(Behaviour.NORMAL);

            // Then
            Setup.result(user);
            List<Request> requests = setup.tokenRequests();
            assertThat(requests.get(requests.size() - 1).status()).isEqualTo(200);
            for (int i = 1; i < requests.size(); i++) {
                assertThat(Duration.between(
                                requests.get(i - 1).time(), requests.get(i).time()))
                        .isGreaterThan(Duration.ofSeconds(1).minus(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 100_000, 999_999_999})
    void shouldNotPauseLongerThanFiveMinutes(int seconds) throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, A_MINUTE)) {
            // Given
            setup.fake.become(Behaviour.rateLimited(seconds));

            // When
            setup.async(1);

            // Then
            await().untilAsserted(() -> assertThat(setup.client.problem())
                    .hasValue("127.0.0.1 limits the rate of requests, and asks for a pause of 300 s."));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"})
    void shouldPauseTenSecondsIfGenesysDoesNotSayHowLong(String retryAfter) throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, A_MINUTE)) {
            // Given
            setup.fake.become(Behaviour.answering(new Answer(429, Map.of("Retry-After", retryAfter), "{}")));

            // When
            setup.async(1);

            // Then
            await().untilAsserted(() -> assertThat(setup.client.problem())
                    .hasValue("127.0.0.1 limits the rate of requests, and asks for a pause of 10 s."));
        }
    }

    @Test
    void shouldNotCountPausesAsTrying() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, Duration.ofMillis(1_500))) {
            // Given
            setup.client.user(ANNA.id());
            setup.fake.becomeFor(3, Behaviour.rateLimited(1));

            // When
            Future<GenesysUser> user = setup.async(1).get(0);

            // Then
            assertThat(Setup.result(user).name()).isEqualTo("Anna Berg");
        }
    }

    @Test
    void shouldGiveUpAfterTenMinutesOfPauses() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, BACK_OFF, A_MINUTE)) {
            // Given
            setup.fake.become(Behaviour.rateLimited(1));
            Future<GenesysUser> user = setup.async(1).get(0);
            await().until(() -> setup.requests("429") > 0);

            // When
            setup.putClockForward(Duration.ofMinutes(11));

            // Then
            assertThatThrownBy(() -> Setup.result(user))
                    .hasRootCauseMessage("127.0.0.1 limits the rate of requests, and asks for a pause of 1 s.");
        }
    }

    /** The storm: many calls that all wait for the end of a pause, and are limited again and again. */
    @Test
    void shouldCauseNoStormDuringAndAfterThePauses() throws Exception {
        try (Setup setup = new Setup(1_200, BACK_OFF, A_MINUTE)) {
            // Given
            setup.client.user(ANNA.id());
            setup.fake.become(Behaviour.rateLimited(1));
            List<Future<GenesysUser>> users = new ArrayList<>(setup.async(12));
            await().until(() -> span(limited(setup)).compareTo(Duration.ofSeconds(2)) > 0);

            // When
            users.addAll(setup.async(30));
            setup.fake.become(Behaviour.NORMAL);

            // Then
            for (Future<GenesysUser> user : users) {
                assertThat(Setup.result(user).name()).isEqualTo("Anna Berg");
            }
            Instant end = Instant.now();
            List<Request> limited = limited(setup);
            // One request finds out that the limit lasts, and a few may be on their way. A storm would be 20 or more.
            assertThat(mostWithin(Duration.ofMillis(900), limited)).isLessThan(10);
            Instant pauseEnd = limited.get(limited.size() - 1).time().plusSeconds(1);
            List<Request> afterwards = setup.userRequests().stream()
                    .filter(request -> request.time().isAfter(pauseEnd))
                    .toList();
            assertThat(afterwards).hasSizeGreaterThan(10);
            assertThat(Duration.between(pauseEnd, end))
                    .isGreaterThan(Duration.ofMillis(50)
                            .multipliedBy(afterwards.size() - 1)
                            .minus(TOLERANCE));
        }
    }

    private static List<Request> limited(Setup setup) {
        return setup.userRequests().stream()
                .filter(request -> request.status() == 429)
                .toList();
    }

    private static Duration span(List<Request> requests) {
        return requests.isEmpty()
                ? Duration.ZERO
                : Duration.between(
                        requests.get(0).time(),
                        requests.get(requests.size() - 1).time());
    }

    private static int mostWithin(Duration window, List<Request> requests) {
        int most = 0;
        for (Request first : requests) {
            Instant end = first.time().plus(window);
            most = Math.max(most, (int) requests.stream()
                    .filter(request -> !request.time().isBefore(first.time())
                            && request.time().isBefore(end))
                    .count());
        }
        return most;
    }
}
