package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the OpenAPI document with the answers of a running bridge. */
class OpenApiAnswersTest {

    private static final String OUTCOME = "outcome";

    private static BridgeFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new BridgeFixture(true, Map.of("organization.id", "example-organization"));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void shouldBeServedUnchanged() throws Exception {
        // When
        HttpResponse<String> response = fixture.management("/openapi.json");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo(OpenApiDocument.TEXT);
    }

    @Test
    void shouldDescribeTheOnlyPath() {
        assertThat(OpenApiDocument.object("/paths").fieldNames()).containsExactly(DeliveryEndpoint.PATH);
    }

    static Stream<String> examples() {
        return OpenApiDocument.object(OpenApiDocument.REQUEST + "/examples").fieldNames().stream();
    }

    /** The answer to an example is the example of the same name. */
    @ParameterizedTest
    @MethodSource("examples")
    void shouldAnswerAnExampleAsDocumented(String name) throws Exception {
        // Given
        JsonObject request = example(OpenApiDocument.REQUEST, name);
        List<String> statuses = OpenApiDocument.statuses().stream()
                .filter(status -> !example(answers(status), name).isEmpty())
                .toList();

        // When
        HttpResponse<String> response = post(request);

        // Then
        assertThat(statuses).containsExactly(String.valueOf(response.statusCode()));
        assertThat(new JsonObject(response.body())).isEqualTo(example(answers(statuses.get(0)), name));
    }

    static Stream<Arguments> texts() {
        return Stream.of("customer-end", "data-action").flatMap(name -> {
            JsonObject schema = OpenApiDocument.object(
                    "/components/schemas/" + (name.equals("data-action") ? "data-action" : "delivery"));
            return textsOf("", schema).map(pointer -> Arguments.of(name, pointer));
        });
    }

    @ParameterizedTest
    @MethodSource("texts")
    void shouldAcceptATextOfTheMaximumLengthOfTheSchema(String example, String pointer) throws Exception {
        for (int length : new int[] {256, 257}) {
            // Given
            JsonObject body = example(OpenApiDocument.REQUEST, example).copy();
            JsonPointer.from(pointer).writeJson(body, "x".repeat(length), true);

            // When
            HttpResponse<String> response = post(body);

            // Then
            boolean valid = OpenApiDocument.errors(OpenApiDocument.REQUEST + "/schema", body.encode())
                    .isEmpty();
            assertThat(new JsonObject(response.body()).getString(OUTCOME).equals(DeliveryOutcome.UNREADABLE.label()))
                    .as("%d characters rejected, with %s", length, response.body())
                    .isEqualTo(!valid);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"detail\":null}",
                "{\"detail\":\"text\"}",
                "{\"detail\":{\"eventBody\":[]}}",
                "{\"detail\":{\"eventBody\":{\"conversationId\":{}}}}",
                "{\"detail\":{\"eventBody\":{\"heldDurationMs\":\"text\"}}}",
                "{\"userId\":\"customer-0001\"}",
                "{\"topic\":[\"acw\"]}",
                "{\"topic\":\"acw\",\"detail\":\"text\"}"
            })
    void shouldRejectWhatTheSchemaRejects(String body) throws Exception {
        // Given
        assertThat(OpenApiDocument.errors(OpenApiDocument.REQUEST + "/schema", body))
                .isNotEmpty();

        // When
        HttpResponse<String> response = fixture.post(body.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"outcome\":\"unreadable\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void shouldAcceptTheDocumentedNesting(int depth) throws Exception {
        // Given
        String description = OpenApiDocument.object(OpenApiDocument.OPERATION + "/requestBody")
                .getString("description");
        String attributes = example(OpenApiDocument.REQUEST, "attributes").encode();
        String body = attributes.substring(0, attributes.length() - 1) + ",\"more\":" + "[".repeat(depth - 1)
                + "]".repeat(depth - 1) + "}";

        // When
        HttpResponse<String> response = fixture.post(body.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(description).contains("nested at most 64 deep");
        assertThat(response.statusCode()).isEqualTo(depth > 64 ? 400 : 200);
    }

    static Stream<Arguments> unreadableHeads() {
        String line = "POST " + DeliveryEndpoint.PATH;
        return Stream.of(
                Arguments.argumentSet("no HTTP", "as you like it\r\n\r\n", 400),
                Arguments.argumentSet("long line", line + "?" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n", 414),
                Arguments.argumentSet(
                        "long headers", line + " HTTP/1.1\r\nX: " + "x".repeat(10_000) + "\r\n\r\n", 431));
    }

    @ParameterizedTest
    @MethodSource("unreadableHeads")
    void shouldAnswerInvalidHttpAsDocumented(String request, int status) throws Exception {
        // Given
        // When
        String[] answer = fixture.exchange(request).split("\r\n\r\n", 2);

        // Then
        List<String> head = answer[0].lines().toList();
        Map<String, List<String>> headers = head.stream()
                .skip(1)
                .map(header -> header.split(": ", 2))
                .collect(Collectors.toMap(header -> header[0], header -> List.of(header[1])));
        assertThat(head.get(0)).startsWith("HTTP/1.").contains(" " + status + " ");
        OpenApiContract.check("POST", status, HttpHeaders.of(headers, (name, value) -> true), answer[1]);
    }

    private static HttpResponse<String> post(JsonObject body) throws Exception {
        return fixture.post(body.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String answers(String status) {
        return OpenApiDocument.RESPONSES + "/" + status + OpenApiDocument.JSON_CONTENT;
    }

    private static JsonObject example(String content, String name) {
        return OpenApiDocument.object(content + "/examples/" + name + "/value");
    }

    /** The pointers of all fields that may be texts. */
    private static Stream<String> textsOf(String pointer, JsonObject schema) {
        if (schema.containsKey("$ref")) {
            return textsOf(
                    pointer, OpenApiDocument.object(schema.getString("$ref").substring(1)));
        }
        if (schema.containsKey("properties")) {
            return schema.getJsonObject("properties").stream()
                    .flatMap(
                            property -> textsOf(pointer + "/" + OpenApiDocument.escaped(property.getKey()), (JsonObject)
                                    Objects.requireNonNull(property.getValue())));
        }
        return String.valueOf(schema.getValue("type")).contains("string") ? Stream.of(pointer) : Stream.of();
    }
}
