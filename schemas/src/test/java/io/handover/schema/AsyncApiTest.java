package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsyncApiTest {

    private static final Path FOLDER = Path.of("src", "main", "resources", "io", "handover", "schema");

    private String text;
    private JsonNode document;

    @BeforeEach
    void read() throws IOException {
        text = Files.readString(FOLDER.resolve("asyncapi.yaml"));
        document = new ObjectMapper(new YAMLFactory()).readTree(text);
    }

    @Test
    void shouldBeAnAsyncApiDocument() {
        assertThat(errors(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            action: send                  | action: sent
            address: '{events}'           | adress: '{events}'
            cleanup.policy: [delete]      | cleanup.policy: [forget]
            type: object                  | type: objekt
            title: Handover               | name: Handover
            """)
    void shouldRejectADocumentWithAMistake(String from, String to) {
        // Given
        assertThat(text).contains(from);

        // Then
        assertThat(errors(text.replace(from, to))).isNotEmpty();
    }

    @Test
    void shouldDescribeExactlyTheTopics() {
        // Given
        List<String> topics = Arrays.stream(Topics.class.getFields())
                .map(AsyncApiTest::constant)
                .toList();

        // When
        List<String> addresses = document.at("/channels").findValuesAsText("default");

        // Then
        assertThat(topics).isNotEmpty();
        assertThat(addresses).containsExactlyInAnyOrderElementsOf(topics);
    }

    @Test
    void shouldReferOnlyToExistingParts() {
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(FOLDER.resolve(reference)).exists();
            }
        });
    }

    @Test
    void shouldUseEverySchema() throws IOException {
        // Given
        Set<String> schemas;
        try (Stream<Path> files = Files.list(FOLDER)) {
            schemas = files.map(file -> "./" + file.getFileName())
                    .filter(name -> name.endsWith(".schema.json") && !name.equals("./common.schema.json"))
                    .collect(Collectors.toSet());
        }

        // When
        List<String> payloads = document.at("/components/messages").findValues("payload").stream()
                .map(payload -> payload.path("$ref").asText())
                .filter(reference -> !reference.startsWith("#"))
                .toList();

        // Then
        assertThat(payloads).containsExactlyInAnyOrderElementsOf(schemas);
    }

    @Test
    void shouldDescribeEveryKindOfRecord() {
        // Given
        List<String> labels =
                Arrays.stream(RecordKind.values()).map(RecordKind::label).toList();

        // When
        List<String> documented = document.findValues(RecordKind.HEADER).stream()
                .map(header -> header.path("const").asText())
                .toList();

        // Then
        assertThat(documented).containsExactlyInAnyOrderElementsOf(labels);
    }

    @Test
    void shouldDescribeTheHeadersOfACommand() {
        // Given
        Headers headers = new RecordHeaders();
        HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, headers, SampleRecords.ENDED);

        // When
        JsonNode documented = document.at("/components/schemas/cloud-event-headers/properties");

        // Then
        assertThat(documented.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(StreamSupport.stream(headers.spliterator(), false)
                        .map(Header::key)
                        .toList());
        for (String fixed : List.of("ce_specversion", "ce_source", "content-type")) {
            assertThat(headers.lastHeader(fixed).value())
                    .asString()
                    .isEqualTo(documented.path(fixed).path("const").asText());
        }
        assertThat(headers.lastHeader("ce_type").value())
                .asString()
                .isEqualTo(document.at("/components/messages/handover-ended/headers/allOf/1/properties/ce_type/const")
                        .asText());
    }

    private static List<Error> errors(String yaml) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(SchemaLocation.of("classpath:asyncapi/3.0.0.json"))
                .validate(yaml, InputFormat.YAML);
    }

    private static String constant(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Expected a public constant, but " + field + " is none", e);
        }
    }
}
