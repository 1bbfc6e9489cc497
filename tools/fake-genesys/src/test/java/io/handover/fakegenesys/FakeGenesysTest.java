package io.handover.fakegenesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.fakegenesys.FakeAgent.State;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FakeGenesysTest {

    private static final String ANNA = "/api/v2/users/anna";

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeGenesys fake = FakeGenesys.startWithPortraits(0);

    @AfterEach
    void tearDown() {
        fake.close();
    }

    @Test
    void shouldIssueATokenForTheRightSecret() throws Exception {
        // When
        HttpResponse<String> response = grant(FakeGenesys.CLIENT_SECRET);

        // Then
        JsonObject grant = new JsonObject(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(grant.getString("access_token")).isNotBlank();
        assertThat(grant.getString("token_type")).isEqualTo("bearer");
        assertThat(grant.getInteger("expires_in")).isEqualTo(86_400);
    }

    @Test
    void shouldRejectAWrongSecret() throws Exception {
        // When
        HttpResponse<String> response = grant("wrong");

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(new JsonObject(response.body()).getString("error")).isEqualTo("invalid_client");
    }

    @Test
    void shouldDescribeAUser() throws Exception {
        // Given
        fake.put(new FakeAgent("anna", "Anna Berg")
                .withPreferredName("Annie")
                .withImages(resolution -> "https://pictures.example/" + resolution));

        // When
        HttpResponse<String> response = get(ANNA, token());

        // Then
        JsonObject user = new JsonObject(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("ININ-Correlation-Id")).isPresent();
        assertThat(user.getString("id")).isEqualTo("anna");
        assertThat(user.getString("name")).isEqualTo("Anna Berg");
        assertThat(user.getString("preferredName")).isEqualTo("Annie");
        assertThat(user.getString("email")).isEqualTo("anna.berg@example.com");
        assertThat(user.getString("state")).isEqualTo("active");
        assertThat(user.getJsonArray("images").getJsonObject(1).getMap())
                .containsEntry("resolution", "x96")
                .containsEntry("imageUri", "https://pictures.example/x96");
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, '', 200",
        "ACTIVE, ?state=active, 200",
        "ACTIVE, ?state=deleted, 404",
        "INACTIVE, '', 200",
        "DELETED, '', 404",
        "DELETED, ?state=deleted, 200",
        "DELETED, ?state=any, 400"
    })
    void shouldFilterByState(State state, String query, int status) throws Exception {
        // Given
        fake.put(new FakeAgent("anna", "Anna").withState(state));

        // When
        HttpResponse<String> response = get(ANNA + query, token());

        // Then
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(response.body()).getInteger("status", 200)).isIn(status, 200);
    }

    @Test
    void shouldAskTheRuleForUsersThatWereNotAdded() throws Exception {
        // Given
        fake.put(new FakeAgent("anna", "Anna"));
        fake.setOthers(id -> id.equals("nobody") ? Optional.empty() : Optional.of(new FakeAgent(id, "Name of " + id)));

        // When
        HttpResponse<String> added = get(ANNA, token());
        HttpResponse<String> other = get("/api/v2/users/ben", token());
        HttpResponse<String> unknown = get("/api/v2/users/nobody", token());

        // Then
        assertThat(new JsonObject(added.body()).getString("name")).isEqualTo("Anna");
        assertThat(new JsonObject(other.body()).getString("name")).isEqualTo("Name of ben");
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void shouldPassEveryRequestToTheObserver() throws Exception {
        // Given
        List<String> observed = new ArrayList<>();
        fake.observe(request -> observed.add(request.path() + ' ' + request.status()));

        // When
        String token = token();
        get(ANNA, token);
        fake.become(Behaviour.REFUSING);
        get(ANNA, token);

        // Then
        assertThat(observed).containsExactly("/oauth/token 200", ANNA + " 404", ANNA + " 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?state=deleted"})
    void shouldNotKnowAForgottenUser(String query) throws Exception {
        // Given
        fake.put(new FakeAgent("anna", "Anna"));
        fake.forget("anna");

        // When
        HttpResponse<String> response = get(ANNA + query, token());

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("not.found");
    }

    @Test
    void shouldRejectAWrongAndAnExpiredAndARevokedToken() throws Exception {
        // Given
        String revoked = token();
        fake.revokeTokens();
        fake.setTokenLifetime(Duration.ZERO);
        String expired = token();

        // When
        int[] statuses = {
            get(ANNA, "wrong").statusCode(),
            get(ANNA, expired).statusCode(),
            get(ANNA, revoked).statusCode()
        };

        // Then
        assertThat(statuses).containsOnly(401);
    }

    @Test
    void shouldLimitTheRateAsGenesysDoes() throws Exception {
        // Given
        fake.becomeFor(1, Behaviour.rateLimited(42));

        // When
        HttpResponse<String> response = get(ANNA, "any");

        // Then
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("42");
        assertThat(new JsonObject(response.body()).getString("message"))
                .isEqualTo("Rate limit exceeded the maximum. Retry the request in [42] seconds");
        assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("too.many.requests.retry.after");
        assertThat(get(ANNA, "any").statusCode()).isEqualTo(401);
    }

    @Test
    void shouldRecordRequests() throws Exception {
        // Given
        fake.become(Behaviour.UNAVAILABLE);
        token();

        // When
        get(ANNA + "?state=deleted", "any");

        // Then
        assertThat(fake.requestCount()).isEqualTo(2);
        assertThat(fake.requests())
                .extracting(request -> request.path() + " " + request.status())
                .containsExactly("/oauth/token 200", ANNA + "?state=deleted 503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a11a0000-0000-4000-8000-000000000001", "be110000-0000-4000-8000-000000000002"})
    void shouldServeThePortraitsOfTheSamplesAgents(String id) throws Exception {
        // Given
        JsonObject user = new JsonObject(get("/api/v2/users/" + id, token()).body());
        String picture = user.getJsonArray("images").getJsonObject(0).getString("imageUri");

        // When
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(URI.create(picture)).build(), BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new java.io.ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(response.body()).doesNotContain("<text", "href", "<script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/pictures/", "/pictures/none.svg", "/pictures/../alla.svg"})
    void shouldServeNothingElse(String path) throws Exception {
        // When
        HttpResponse<String> response = get(path, "any");

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void shouldSayThatThePortIsTaken() {
        // Given
        int port = URI.create(fake.baseUrl()).getPort();

        // When
        assertThatThrownBy(() -> FakeGenesys.start(port))
                // Then
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(String.valueOf(port));
    }

    private HttpResponse<String> grant(String secret) throws Exception {
        String basic = Base64.getEncoder()
                .encodeToString((FakeGenesys.CLIENT_ID + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return http.send(
                HttpRequest.newBuilder(URI.create(fake.baseUrl() + "/oauth/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build(),
                BodyHandlers.ofString());
    }

    private String token() throws Exception {
        return new JsonObject(grant(FakeGenesys.CLIENT_SECRET).body()).getString("access_token");
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(fake.baseUrl() + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }
}
