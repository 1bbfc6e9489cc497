package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.handover.conversation.EndReason;
import io.handover.conversation.Reading;
import io.handover.schema.OperatorOrder;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the OpenAPI document by itself and against the code. */
class OpenApiTest {

    private static final String META = "https://spec.openapis.org/oas/3.1/schema/2025-11-23";
    private static final Path META_FILE = Path.of("../ingress-bridge/src/test/resources/openapi/2025-11-23.json");

    /** The schema of OpenAPI does not define schemas; this one requires JSON Schema. */
    private static final String WITH_SCHEMAS = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "$id": "urn:openapi-with-schemas",
             "$ref": "%s",
             "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}}}
            """.formatted(META);

    @Test
    void shouldBeAnOpenApiDocument() throws IOException {
        // Given
        Map<String, String> official = Map.of(META, Files.readString(META_FILE));
        // When / Then
        assertThat(SchemaRegistry.withDefaultDialect(
                                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(official))
                        .getSchema(WITH_SCHEMAS)
                        .validate(OpenApiDocument.JSON.encode(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void shouldHaveValidReferencesOnly() {
        assertThat(Pattern.compile("\"#(/[^\"]*)\"")
                        .matcher(OpenApiDocument.JSON.encode())
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(pointer ->
                        assertThat(OpenApiDocument.find(pointer)).as(pointer).isNotNull());
    }

    @Test
    void shouldHaveARouteForEveryOperation() {
        // Given
        JsonObject paths = OpenApiDocument.JSON.getJsonObject("paths");
        // When / Then
        assertThat(paths.fieldNames()).hasSameSizeAs(Route.Resource.values()).allSatisfy(path -> {
            Route route = Route.of(path.replace("{id}", "an-id"));
            HttpMethod method = route.resource().method();
            assertThat(paths.getJsonObject(path).fieldNames())
                    .contains(method.name().toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void shouldNameEveryReading() {
        assertThat(values("/components/schemas/reading/enum"))
                .containsExactlyElementsOf(Stream.of(Reading.Row.values())
                        .map(row -> row.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }

    @Test
    void shouldNameEveryReasonForWhichAnEndIsHeld() {
        assertThat(values("/components/schemas/heldReason/enum"))
                .containsExactlyInAnyOrderElementsOf(LivePartitions.HELD_REASONS.stream()
                        .map(EndReason::label)
                        .toList());
    }

    @Test
    void shouldHaveTheLimitsOfTheRecord() {
        assertThat(Objects.requireNonNull(OpenApiDocument.find("/components/schemas/operator"))
                        .getInteger("maxLength"))
                .isEqualTo(OperatorOrder.OPERATOR_MAX_LENGTH);
        assertThat(Objects.requireNonNull(OpenApiDocument.find("/components/schemas/reason"))
                        .getInteger("maxLength"))
                .isEqualTo(OperatorOrder.REASON_MAX_LENGTH);
    }

    private static java.util.List<String> values(String pointer) {
        int end = pointer.lastIndexOf('/');
        return Objects.requireNonNull(OpenApiDocument.find(pointer.substring(0, end)))
                .getJsonArray(pointer.substring(end + 1))
                .stream()
                .map(String.class::cast)
                .toList();
    }
}
