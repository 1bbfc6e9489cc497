package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the OpenAPI document by itself and against the code and the record schemas. */
class OpenApiTest {

    /** The schema of OpenAPI does not define schemas; this one requires JSON Schema. */
    private static final String OPEN_API_WITH_SCHEMAS = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "$id": "urn:openapi-with-schemas",
             "$ref": "https://spec.openapis.org/oas/3.1/schema/2025-11-23",
             "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}}}
            """;

    private static final Map<String, String> OFFICIAL = Map.of(
            "https://spec.openapis.org/oas/3.1/schema/2025-11-23", OpenApiDocument.read("/openapi/2025-11-23.json"));

    /** An answer that no sender receives. */
    private static final String CLIENT_GONE = "client-gone";

    /** The answer of every undocumented path. */
    private static final String UNKNOWN_PATH = "unknown-path";

    private static final Set<String> WORDS = Set.of("title", "description", "examples", "$schema", "$defs");

    @Test
    void shouldBeAnOpenApiDocument() {
        assertThat(errors(OpenApiDocument.TEXT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "openapi": "3.1.0"          | "openapi": "3.0.3"
            "title": "Handover ingress-bridge", |
            "in": "header"              | "in": "trailer"
            "content": {                | "contents": {
            "required": true            | "required": "yes"
            "type": "object"            | "type": "objekt"
            "maxLength": 256            | "maxLength": "256"
            "enum": ["unauthorized"]    | "enum": "unauthorized"
            """)
    void shouldNotBeValidWithAMistake(String from, @Nullable String to) {
        // Given
        assertThat(OpenApiDocument.TEXT).contains(from);

        // Then
        assertThat(errors(OpenApiDocument.TEXT.replace(from, to == null ? "" : to)))
                .isNotEmpty();
    }

    @Test
    void shouldHaveValidReferencesOnly() {
        // Given
        List<String> references = OpenApiDocument.objects().values().stream()
                .map(object -> object.getValue("$ref"))
                .filter(Objects::nonNull)
                .map(String.class::cast)
                .toList();

        // Then
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(OpenApiDocument.find(reference.substring(1))).isNotNull();
        });
    }

    @Test
    void shouldRequireDescribedKeysOnly() {
        // Given
        Set<String> described =
                OpenApiDocument.object("/components/securitySchemes").fieldNames();

        // When
        List<Set<String>> alternatives = objectsOf(OpenApiDocument.find(OpenApiDocument.OPERATION + "/security"))
                .map(JsonObject::fieldNames)
                .toList();

        // Then
        assertThat(alternatives).allMatch(alternative -> alternative.size() == 1);
        assertThat(alternatives.stream().flatMap(Set::stream)).containsExactlyInAnyOrderElementsOf(described);
    }

    static Stream<Arguments> examples() {
        return OpenApiDocument.objects().entrySet().stream().flatMap(found -> {
            Object examples = found.getValue().getValue("examples");
            if (examples instanceof JsonObject named) {
                return named.stream()
                        .map(example -> Arguments.of(
                                found.getKey() + "/schema", ((JsonObject) example.getValue()).getValue("value")));
            }
            return examples instanceof JsonArray values
                    ? values.stream().map(value -> Arguments.of(found.getKey(), value))
                    : Stream.of();
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldHaveValidExamples(String schema, Object example) {
        assertThat(OpenApiDocument.errors(schema, Json.encode(example))).isEmpty();
    }

    @Test
    void shouldNameEveryOutcomeUnderItsStatus() {
        // Given
        Map<String, Set<String>> statuses = new TreeMap<>();
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            statuses.put(outcome.label(), Set.of(String.valueOf(outcome.status())));
        }
        statuses.keySet().removeAll(Set.of(CLIENT_GONE, UNKNOWN_PATH));

        // When
        Map<String, Set<String>> documented = new TreeMap<>();
        for (String status : OpenApiDocument.statuses()) {
            OpenApiDocument.outcomes(status)
                    .forEach(label -> documented
                            .computeIfAbsent(label, none -> new TreeSet<>())
                            .add(status));
        }

        // Then
        assertThat(documented).isEqualTo(statuses);
    }

    @Test
    void shouldExplainEveryOutcome() {
        assertThat(OpenApiDocument.statuses()).isNotEmpty().allSatisfy(status -> {
            String text = OpenApiDocument.object(OpenApiDocument.RESPONSES + "/" + status)
                    .getString("description");
            assertThat(OpenApiDocument.outcomes(status))
                    .isNotEmpty()
                    .satisfiesAnyOf(
                            outcomes -> assertThat(outcomes).hasSize(1),
                            outcomes -> assertThat(outcomes)
                                    .allSatisfy(outcome -> assertThat(text).contains("- `" + outcome + "`: ")));
        });
        assertThat(OpenApiDocument.object(OpenApiDocument.PATH).getString("description"))
                .contains("404 and `{\"outcome\":\"" + UNKNOWN_PATH + "\"}`");
    }

    @Test
    void shouldNameExistingSettingsOnly() {
        // Given
        String table = IngressBridge.settings().markdownTable();

        // When
        List<String> settings = Pattern.compile("`([a-z]+(?:\\.[a-z]+)+|[a-z]+(?==))(?:=[a-z0-9-]+)?`")
                .matcher(OpenApiDocument.TEXT.replace("`delivery.json`", ""))
                .results()
                .map(found -> found.group(1))
                .toList();

        // Then
        assertThat(settings).isNotEmpty().allSatisfy(key -> assertThat(table).contains("| `" + key + "` |"));
    }

    @ParameterizedTest
    @CsvSource({"apiKey, api.key.header", "signature, hmac.header"})
    void shouldNameTheDefaultHeader(String scheme, String key) {
        // Given
        String header =
                OpenApiDocument.object("/components/securitySchemes/" + scheme).getString("name");

        // Then
        assertThat(IngressBridge.settings().markdownTable().lines())
                .filteredOn(row -> row.startsWith("| `" + key + "` |"))
                .singleElement()
                .asString()
                .contains("| `" + header + "` |");
    }

    /** Apart from descriptions and text limits, which only incoming data have. */
    @Test
    void shouldAgreeWithTheSchemasOfTheRecords() {
        // Given
        JsonObject delivery = recordSchema("delivery");
        JsonObject schemas = delivery.getJsonObject("$defs").copy();
        schemas.put("delivery", delivery).put("data-action", recordSchema("data-action"));

        // Then
        assertThat(withoutWords(OpenApiDocument.object("/components/schemas"))).isEqualTo(withoutWords(schemas));
    }

    private static JsonObject recordSchema(String name) {
        return new JsonObject(OpenApiDocument.read("/io/handover/schema/" + name + ".schema.json")
                .replace("#/$defs/", "#/components/schemas/"));
    }

    private static JsonObject withoutWords(JsonObject schema) {
        JsonObject bare = new JsonObject();
        schema.stream()
                .filter(field -> !WORDS.contains(field.getKey()))
                // which is what its absence means
                .filter(field -> !(field.getKey().equals("additionalProperties")
                        && field.getValue().equals(true)))
                .forEach(field -> bare.put(
                        field.getKey(),
                        field.getValue() instanceof JsonObject inner ? withoutWords(inner) : field.getValue()));
        return bare;
    }

    private static Stream<JsonObject> objectsOf(@Nullable Object array) {
        return array instanceof JsonArray objects ? objects.stream().map(JsonObject.class::cast) : Stream.of();
    }

    private static List<Error> errors(String document) {
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(OFFICIAL))
                .getSchema(OPEN_API_WITH_SCHEMAS)
                .validate(
                        document,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }
}
