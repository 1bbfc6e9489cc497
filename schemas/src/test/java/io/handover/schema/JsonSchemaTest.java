package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {

    private static final Path FOLDER = Path.of("src", "main", "resources", "io", "handover", "schema");
    private static final JsonMapper MAPPER = new JsonMapper();

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static Stream<Arguments> written() {
        return Stream.of(
                Arguments.of("clock-tick", SampleRecords.TICK),
                Arguments.of("agent-profile", SampleRecords.PROFILE),
                Arguments.of("operator-order", SampleRecords.ORDER),
                Arguments.of("agent-profile", SampleRecords.UNKNOWN_AGENT),
                Arguments.of("agent-profile", SampleRecords.FORGOTTEN_AGENT),
                Arguments.of("agent-lookup", SampleRecords.LOOKUP),
                Arguments.of("handover-ended", SampleRecords.ENDED),
                Arguments.of("handover-ended", SampleRecords.ENDED_PLAIN),
                Arguments.of("agent-updated", SampleRecords.UPDATED),
                Arguments.of("agent-updated", SampleRecords.UPDATED_PLAIN));
    }

    @ParameterizedTest
    @MethodSource("written")
    void shouldAcceptWhatIsWritten(String schema, Object written) {
        assertThat(errors(schema, json(written))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("written")
    void shouldRejectAFieldThatIsNotInTheContract(String schema, Object written) {
        assertThat(errors(schema, json(written).replaceFirst("\\{", "{\"mood\":1,")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer-end",
                "after-call-work",
                "agent-left",
                "transfer-timeout",
                "queue-abandoned",
                "flow-disconnected",
                "idle",
                "expired",
                "operator"
            })
    void shouldAcceptEveryReasonOfAnEnd(String reason) {
        assertThat(errors("handover-ended", json(SampleRecords.endedPlain(reason))))
                .isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("clock-tick", SampleRecords.TICK, "\"partition\":3,", ""),
                Arguments.of("clock-tick", SampleRecords.TICK, ":3", ":-1"),
                Arguments.of("clock-tick", SampleRecords.TICK, "10.250Z", "10Z"),
                Arguments.of("clock-tick", SampleRecords.TICK, "10.250Z", "10.250001Z"),
                Arguments.of("clock-tick", SampleRecords.TICK, "10.250Z", "10.250+00:00"),
                Arguments.of("clock-tick", SampleRecords.TICK, "2026-03-02", "2026-13-02"),
                Arguments.of("agent-profile", SampleRecords.PROFILE, "\"agentId\"", "\"agent\""),
                Arguments.of("agent-profile", SampleRecords.PROFILE, "https://pictures.example/", "a picture of "),
                Arguments.of("agent-profile", SampleRecords.PROFILE, "\"agent-1\"", "\"\""),
                Arguments.of("agent-profile", SampleRecords.PROFILE, "https:", "http:"),
                Arguments.of("agent-profile", SampleRecords.PROFILE, "Ada Example", ""),
                Arguments.of("operator-order", SampleRecords.ORDER, "\"end\"", "\"stop\""),
                Arguments.of("operator-order", SampleRecords.ORDER, "\"ada\"", "\"\""),
                Arguments.of("operator-order", SampleRecords.ORDER, "\"cycle\":2", "\"cycle\":0"),
                Arguments.of("operator-order", SampleRecords.ORDER, "3f1f0c5e-", ""),
                Arguments.of("agent-lookup", SampleRecords.LOOKUP, "\"askedAt\"", "\"time\""),
                Arguments.of("handover-ended", SampleRecords.ENDED, "\"cycle\":1", "\"cycle\":0"),
                Arguments.of("handover-ended", SampleRecords.ENDED, "6b0c7c1e-", ""),
                Arguments.of("handover-ended", SampleRecords.ENDED, "customer-end\"", "agent-started\""),
                Arguments.of("handover-ended", SampleRecords.ENDED, "handover-ended", "agent-updated"),
                Arguments.of("handover-ended", SampleRecords.ENDED, "\"disconnectType\"", "\"disconnect\""),
                Arguments.of("handover-ended", SampleRecords.ENDED, "\"occurredAt\"", "\"happenedAt\""),
                Arguments.of("handover-ended", SampleRecords.ENDED_PLAIN, ",\"evidence\":[]", ""),
                Arguments.of("agent-updated", SampleRecords.UPDATED, "agent-started", "customer-end"),
                Arguments.of("agent-updated", SampleRecords.UPDATED, "\"name\"", "\"nickname\""),
                Arguments.of("agent-updated", SampleRecords.UPDATED_PLAIN, ",\"agent\":{\"id\":\"agent-1\"}", ""),
                Arguments.of("handover-ended", SampleRecords.UPDATED, "", ""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void shouldRejectWhatIsNeverWritten(String schema, Object written, String from, String to) {
        // Given
        assertThat(json(written)).contains(from);

        // When
        List<Error> errors = errors(schema, json(written).replace(from, to));

        // Then
        assertThat(errors).isNotEmpty();
    }

    static Stream<String> fixtures() {
        return Fixtures.names();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldAcceptWhatIsReceived(String fixture) {
        // Given
        String schema = fixture.startsWith("data-action") ? "data-action" : "delivery";
        String other = fixture.startsWith("data-action") ? "delivery" : "data-action";
        String json = new String(Fixtures.read(fixture), StandardCharsets.UTF_8);

        // Then
        assertThat(errors(schema, json)).isEmpty();
        assertThat(errors(other, json)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            delivery,    `{}`
            delivery,    `{"detail":null}`
            delivery,    `{"detail":"text"}`
            delivery,    `{"detail":{"eventBody":[]}}`
            delivery,    `{"detail":{"eventBody":{"conversationId":{}}}}`
            delivery,    `{"detail":{"eventBody":{"heldDurationMs":"text"}}}`
            data-action, `{"userId":"customer-0001"}`
            data-action, `{"topic":["acw"]}`
            """)
    void shouldRejectWhatCannotBeRead(String schema, String json) {
        assertThat(errors(schema, json)).isNotEmpty();
    }

    @Test
    void shouldDescribeTheFieldsThatAreUsed() throws IOException {
        // Given
        List<String> read =
                DeliveryField.OF_BODY.stream().map(DeliveryField::jsonName).toList();

        // When
        JsonNode properties = schema("delivery").at("/$defs/eventBody/properties");

        // Then
        assertThat(properties.fieldNames()).toIterable().containsExactlyElementsOf(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delivery",
                "data-action",
                "clock-tick",
                "agent-profile",
                "agent-lookup",
                "handover-ended",
                "agent-updated",
                "common"
            })
    void shouldBeASchemaWithTrueExamples(String name) throws IOException {
        // Given
        JsonNode schema = schema(name);

        // Then
        assertThat(registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                        .validate(schema.toString(), InputFormat.JSON))
                .isEmpty();
        assertThat(schema.path("examples"))
                .allSatisfy(
                        example -> assertThat(errors(name, example.toString())).isEmpty());
        assertThat(schema.path("title").asText()).isNotBlank();
        assertThat(schema.path("description").asText()).isNotBlank();
    }

    private List<Error> errors(String schema, String json) {
        return registry.getSchema(SchemaLocation.of("classpath:io/handover/schema/" + schema + ".schema.json"))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static JsonNode schema(String name) throws IOException {
        return MAPPER.readTree(Files.readString(FOLDER.resolve(name + ".schema.json")));
    }

    private static String json(Object written) {
        byte[] json;
        if (written instanceof ClockTick tick) {
            json = HandoverSerdes.clockTickSerializer().serialize(Topics.EVENTS, tick);
        } else if (written instanceof AgentProfile profile) {
            json = HandoverSerdes.agentProfileSerializer().serialize(Topics.EVENTS, profile);
        } else if (written instanceof OperatorOrder order) {
            json = HandoverSerdes.operatorOrderSerializer().serialize(Topics.EVENTS, order);
        } else if (written instanceof AgentLookup lookup) {
            json = HandoverSerdes.agentLookups().serializer().serialize(Topics.AGENT_LOOKUPS, lookup);
        } else {
            json = HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, (HandoverCommand) written);
        }
        return new String(json, StandardCharsets.UTF_8);
    }
}
