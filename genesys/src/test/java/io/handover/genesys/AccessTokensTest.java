package io.handover.genesys;

import static io.handover.genesys.Setup.ANNA;
import static io.handover.genesys.Setup.RIGHT;
import static io.handover.genesys.Setup.WRONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.Behaviour.Answer;
import io.handover.fakegenesys.FakeGenesys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {

    private static final String REJECTED =
            "Genesys rejects the credentials: check genesys.client.id and genesys.client.secret.";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @Test
    void shouldUseATokenForManyRequests() throws Exception {
        try (Setup setup = new Setup()) {
            // When
            for (int i = 0; i < 5; i++) {
                setup.client.user(ANNA.id());
            }

            // Then
            assertThat(setup.tokenRequests()).hasSize(1);
        }
    }

    @Test
    void shouldAskForOneTokenWhenManyCallsNeedIt() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.fake.tokensBecome(Behaviour.slow(Duration.ofMillis(100)));

            // When
            List<Future<GenesysUser>> users = setup.async(10);

            // Then
            for (Future<GenesysUser> user : users) {
                Setup.result(user);
            }
            assertThat(setup.tokenRequests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT5M, PT4M, PT4M31S", "PT24H, PT23H58M, PT23H59M1S", "P10000D, PT47H58M, PT47H59M1S"})
    void shouldRenewATokenBeforeItExpires(Duration lifetime, Duration before, Duration after) throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.fake.setTokenLifetime(lifetime);
            setup.client.user(ANNA.id());

            // When
            setup.putClockForward(before);
            setup.client.user(ANNA.id());
            int early = setup.tokenRequests().size();
            setup.putClockForward(after.minus(before));
            setup.client.user(ANNA.id());

            // Then
            assertThat(early).isEqualTo(1);
            assertThat(setup.tokenRequests()).hasSize(2);
            assertThat(setup.requests("401")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1})
    void shouldNotAskForTokensAllTheTimeIfTheyExpireAtOnce(long seconds) throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.fake.setTokenLifetime(Duration.ofSeconds(seconds));
            setup.fake.become(Behaviour.answering(new Answer(200, Map.of(), "{\"name\":\"Anna\"}")));

            // When
            for (int i = 0; i < 5; i++) {
                setup.client.user(ANNA.id());
            }

            // Then
            assertThat(setup.tokenRequests()).hasSize(1);
        }
    }

    @Test
    void shouldRenewATokenThatGenesysRevoked() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.client.user(ANNA.id());
            setup.fake.revokeTokens();

            // When
            setup.client.user(ANNA.id());

            // Then
            assertThat(setup.tokenRequests()).hasSize(2);
            assertThat(setup.userRequests())
                    .extracting(FakeGenesys.Request::status)
                    .containsExactly(200, 401, 200);
        }
    }

    @Test
    void shouldBackOffIfGenesysRejectsItsOwnTokens() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, Duration.ofMillis(100), Duration.ofSeconds(1))) {
            // Given
            setup.client.user(ANNA.id());
            setup.fake.become(Behaviour.REJECTING_TOKENS);

            // When
            List<Future<GenesysUser>> users = setup.async(10);

            // Then
            for (Future<GenesysUser> user : users) {
                assertThatThrownBy(() -> Setup.result(user))
                        .hasCauseInstanceOf(GenesysException.class)
                        .hasMessageContaining("Genesys rejects the access token");
            }
            assertThat(setup.tokenRequests()).hasSizeBetween(3, 11);
            assertThat(setup.userRequests()).hasSizeLessThan(40);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401})
    void shouldBackOffIfGenesysRejectsTheCredentials(int status) throws Exception {
        try (Setup setup = new Setup(Setup.FAST, Duration.ofMillis(100), Duration.ofSeconds(1))) {
            // Given
            setup.client.user(ANNA.id());
            setup.credentials.set(WRONG);
            setup.fake.tokensBecome(
                    Behaviour.answering(new Answer(status, Map.of(), "{\"error\":\"invalid_client\"}")));

            // When
            List<Future<GenesysUser>> users = setup.async(10);

            // Then
            for (Future<GenesysUser> user : users) {
                assertThatThrownBy(() -> Setup.result(user)).hasRootCauseMessage(REJECTED);
            }
            assertThat(setup.tokenRequests()).hasSizeBetween(3, 11);
            assertThat(setup.userRequests()).hasSize(1);
            assertThat(setup.client.problem()).hasValue(REJECTED);
        }
    }

    @Test
    void shouldUseNewCredentialsInSpiteOfTheBackOff() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, A_MINUTE, A_MINUTE)) {
            // Given
            setup.credentials.set(WRONG);
            setup.async(1);
            await().untilAsserted(() -> assertThat(setup.client.problem()).hasValue(REJECTED));

            // When
            setup.credentials.set(RIGHT);

            // Then
            assertThat(setup.client.user(ANNA.id())).isPresent();
            assertThat(setup.tokenRequests())
                    .extracting(FakeGenesys.Request::status)
                    .containsExactly(401, 200);
        }
    }

    @Test
    void shouldDropTheTokenOfOldCredentials() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.client.user(ANNA.id());
            setup.fake.setSecret("rotated");

            // When
            setup.credentials.set(new GenesysCredentials(FakeGenesys.CLIENT_ID, "rotated"));
            setup.client.user(ANNA.id());

            // Then
            assertThat(setup.tokenRequests())
                    .extracting(FakeGenesys.Request::status)
                    .containsExactly(200, 200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {}                             | answers 404 instead of issuing an access token",
                "302 | {}                             | answers 302 instead of issuing an access token",
                "503 | {}                             | answers 503",
                "200 | {}                             | no usable access token",
                "200 | {\"access_token\": \"a\\r\\nb\"} | no usable access token",
                "200 | {\"access_token\": \"a b\"}      | no usable access token"
            })
    void shouldSayWhyThereIsNoToken(int status, String body, String reason) throws Exception {
        try (Setup setup = new Setup(Setup.FAST, Duration.ofMillis(50), Duration.ofMillis(200))) {
            // Given
            setup.fake.tokensBecome(Behaviour.answering(new Answer(status, Map.of(), body)));

            // When
            assertThatThrownBy(() -> setup.client.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessageContaining(reason);
            assertThat(setup.userRequests()).isEmpty();
        }
    }

    @Test
    void shouldTryAgainWhenTheCredentialsCannotBeRead() throws Exception {
        try (Setup setup = new Setup()) {
            GenesysConnection connection =
                    new GenesysConnection(GenesysRegion.of(setup.fake.baseUrl()), null, null, Setup.FAST);
            boolean[] isReadable = {false};
            try (GenesysClient client = new GenesysClient(
                    connection,
                    () -> {
                        if (!isReadable[0]) {
                            isReadable[0] = true;
                            throw new IllegalStateException("secret");
                        }
                        return RIGHT;
                    },
                    setup.registry)) {
                // When
                assertThat(client.user(ANNA.id()))
                        // Then
                        .isPresent();
            }
        }
    }
}
