package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Topics;
import io.handover.service.CheckResult.Check;
import io.handover.service.CheckResult.Severity;
import io.handover.service.ClusterState.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterNeedsTest {

    private static final String CHANGELOG = "handover-conversations-changelog";
    private static final Node BROKER = new Node(0, "broker", 9092);
    private static final Map<String, String> GOOD = Map.of(
            "cleanup.policy", "delete",
            "message.timestamp.type", "LogAppendTime",
            "retention.ms", "604800000",
            "retention.bytes", "-1",
            "max.message.bytes", "2097152",
            "min.insync.replicas", "2");
    private static final Set<AclOperation> ALL = Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE);

    static Settings settings(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("kafka.bootstrap.servers", "kafka:9092");
        return StreamsAppSettings.definition().load(null, Map.of(), values);
    }

    @Test
    void shouldFindNothingOnAGoodCluster() {
        // Given
        ClusterState state = state(topics());

        // When / Then
        assertThat(problems(bridge(), state)).isEmpty();
        assertThat(problems(app(), state)).isEmpty();
        assertThat(problems(directory(), state)).isEmpty();
        assertThat(problems(appWithProfiles(), state)).isEmpty();
    }

    @Test
    void shouldNeedTheLookupsOnlyForProfiles() {
        // Given
        Map<String, Topic> topics = topics();
        topics.remove(Topics.AGENT_LOOKUPS);

        // When / Then
        assertThat(problems(bridge(), state(topics))).isEmpty();
        assertThat(problems(app(), state(topics))).isEmpty();
        assertThat(Stream.of(directory(), appWithProfiles()))
                .allSatisfy(needs -> assertThat(problems(needs, state(topics)))
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.isError()).isTrue();
                            assertThat(problem.asWarning().severity()).isEqualTo(Severity.WARNING);
                            assertThat(problem.sentence())
                                    .contains("--create --topic handover-agent-lookups --partitions 4"
                                            + " --config cleanup.policy=delete --config retention.ms=86400000");
                        }));
        assertThat(bridge().created()).doesNotContain(Topics.AGENT_LOOKUPS);
        assertThat(app().created()).doesNotContain(Topics.AGENT_LOOKUPS);
        assertThat(directory().created()).contains(Topics.AGENT_LOOKUPS);
        assertThat(appWithProfiles().created()).contains(Topics.AGENT_LOOKUPS);
    }

    @Test
    void shouldNotWarnTwiceOfTheEventsInABridge() {
        // Given
        Map<String, Topic> topics = topics();
        topics.put(Topics.EVENTS, topic(4, 1, GOOD, ALL));
        Map<String, Topic> broken = topics();
        broken.put(Topics.EVENTS, topic(4, 3, Map.of("cleanup.policy", "compact"), ALL));

        // When / Then
        assertThat(problems(bridge(), state(topics))).isNotEmpty();
        assertThat(problems(directory(), state(topics))).isEmpty();
        assertThat(problems(directory(), state(broken)))
                .isNotEmpty()
                .isSubsetOf(problems(bridge(), state(broken)))
                .allMatch(CheckResult::isError);
    }

    @Test
    void shouldReadLookupsInTheBridgeAndWriteThemInTheApp() {
        // Given
        Map<String, Topic> topics = topics();
        topics.put(Topics.AGENT_LOOKUPS, topic(4, 3, GOOD, Set.of(AclOperation.DESCRIBE)));

        // When / Then
        assertThat(problems(directory(), state(topics)))
                .extracting(CheckResult::value)
                .containsExactly("no Read");
        assertThat(problems(appWithProfiles(), state(topics)))
                .extracting(CheckResult::value)
                .containsExactly("no Write");
    }

    @Test
    void shouldAcceptLookupsThatAreKeptForLessThanALag() {
        // Given
        Map<String, String> config = new HashMap<>(GOOD);
        config.putAll(Map.of("retention.ms", "60000", "max.message.bytes", "10000", "retention.bytes", "1000000"));
        Map<String, Topic> topics = topics();
        topics.put(Topics.AGENT_LOOKUPS, topic(4, 3, config, ALL));

        // When / Then
        assertThat(problems(directory(), state(topics))).isEmpty();
        assertThat(problems(appWithProfiles(), state(topics))).isEmpty();
    }

    /** Each problem of a topic, with its severity for the bridge and for the app; null where the process does not look. */
    static Stream<Arguments> problems() {
        return Stream.of(
                Arguments.of(Topics.EVENTS, "cleanup.policy", "compact", Severity.ERROR, Severity.ERROR),
                Arguments.of(Topics.EVENTS, "cleanup.policy", "compact,delete", Severity.ERROR, Severity.ERROR),
                Arguments.of(Topics.COMMANDS, "cleanup.policy", "compact", null, Severity.ERROR),
                Arguments.of(Topics.DEAD_LETTERS, "cleanup.policy", "compact", Severity.ERROR, Severity.ERROR),
                Arguments.of(Topics.EVENTS, "message.timestamp.type", "CreateTime", Severity.ERROR, Severity.WARNING),
                Arguments.of(Topics.EVENTS, "retention.ms", "86399999", Severity.ERROR, Severity.ERROR),
                Arguments.of(Topics.EVENTS, "retention.ms", "86400000", null, Severity.WARNING),
                Arguments.of(Topics.COMMANDS, "retention.ms", "86399999", null, Severity.ERROR),
                Arguments.of(Topics.EVENTS, "retention.bytes", "1000000", Severity.WARNING, Severity.WARNING),
                Arguments.of(Topics.EVENTS, "max.message.bytes", "1048588", Severity.WARNING, Severity.WARNING),
                Arguments.of(Topics.DEAD_LETTERS, "max.message.bytes", "1048588", Severity.ERROR, Severity.ERROR),
                Arguments.of(Topics.EVENTS, "min.insync.replicas", "1", Severity.WARNING, Severity.WARNING),
                Arguments.of(Topics.COMMANDS, "min.insync.replicas", "1", null, Severity.WARNING));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void shouldNameTopicSettingValueAndCommand(
            String topic, String setting, String value, Severity ofBridge, Severity ofApp) {
        // Given
        Map<String, Topic> topics = topics();
        Map<String, String> config = new HashMap<>(GOOD);
        config.put(setting, value);
        topics.put(topic, topic(4, 3, config, ALL));

        // When
        List<CheckResult> bridge = problems(bridge(), state(topics));
        List<CheckResult> app = problems(app(), state(topics));

        // Then
        assertThat(bridge)
                .extracting(CheckResult::severity)
                .containsExactlyElementsOf(ofBridge == null ? List.of() : List.of(ofBridge));
        assertThat(app).extracting(CheckResult::severity).containsExactly(ofApp);
        assertThat(Stream.concat(bridge.stream(), app.stream()))
                .allSatisfy(result -> assertThat(result.sentence())
                        .contains(topic, setting + "=" + value)
                        .contains(
                                "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name "
                                        + topic + " --add-config " + setting + "="));
    }

    @Test
    void shouldRefuseAMissingTopic() {
        // Given
        Map<String, Topic> topics = topics();
        topics.remove(Topics.EVENTS);

        // When
        List<CheckResult> problems = problems(bridge(), state(topics));

        // Then
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(Check.EXISTS);
            assertThat(problem.isError()).isTrue();
            assertThat(bridge().isAwaited(problem)).isTrue();
            assertThat(app().isAwaited(problem)).isFalse();
            assertThat(problem.sentence())
                    .contains("kafka-topics.sh --bootstrap-server kafka:9092 --create --topic handover-events");
        });
    }

    @Test
    void shouldRefuseEventsThatHaveGrown() {
        // Given
        Map<String, Topic> topics = topics();
        topics.put(Topics.EVENTS, topic(6, 3, GOOD, ALL));
        topics.put(CHANGELOG, topic(4, 3, GOOD, ALL));

        // When
        List<CheckResult> problems = problems(app(), state(topics));

        // Then
        assertThat(problems(bridge(), state(topics))).isEqualTo(problems);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(Check.PARTITIONS);
            assertThat(problem.sentence())
                    .contains("Topic handover-events has 6 partitions")
                    .contains("the application handover has the state of 4")
                    .contains("./handover repartition --bootstrap-server kafka:9092");
        });
    }

    @Test
    void shouldRefuseATopicWithoutPermission() {
        // Given
        Map<String, Topic> topics = topics();
        topics.put(Topics.EVENTS, topic(4, 3, GOOD, Set.of(AclOperation.DESCRIBE)));

        // When
        List<CheckResult> problems = problems(app(), state(topics));

        // Then
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.value()).isEqualTo("no Read, no Write");
            assertThat(problem.sentence()).contains("--operation Read --operation Write --topic handover-events");
        });
    }

    @Test
    void shouldWarnOfFewReplicasUnlessAllowed() {
        // Given
        Map<String, Topic> topics = topics();
        topics.put(Topics.EVENTS, topic(4, 1, GOOD, ALL));
        ClusterNeeds allowed = ClusterNeeds.ofApp(settings(Map.of("topics.few.replicas.allowed", "true")));

        // When / Then
        assertThat(problems(app(), state(topics)))
                .extracting(CheckResult::check)
                .containsExactly(Check.REPLICAS);
        assertThat(problems(allowed, state(topics))).isEmpty();
    }

    @Test
    void shouldWarnOfOldTransactions() {
        // Given
        ClusterState state = new ClusterState(topics(), Set.of(), (short) 1);

        // When / Then
        assertThat(problems(app(), state))
                .extracting(CheckResult::sentence)
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).contains("transaction.version=1", "kafka-features.sh"));
    }

    @Test
    void shouldCheckTheTopicsOfTheInstallation() {
        // Given
        ClusterNeeds needs = ClusterNeeds.ofApp(settings(Map.of("topic.events", "stage-events")));

        // When / Then
        assertThat(problems(needs, state(topics())))
                .extracting(CheckResult::subject)
                .containsExactly("stage-events");
    }

    @Test
    void shouldBeDocumented() throws Exception {
        // Given
        String page = Files.readString(Path.of("..", "docs", "operations.md"));

        // When / Then
        assertThat(Arrays.stream(Check.values()).map(Check::label))
                .allSatisfy(label -> assertThat(page).contains("| `" + label + "` |"));
    }

    private static List<CheckResult> problems(ClusterNeeds needs, ClusterState state) {
        return needs.check(state).stream()
                .filter(result -> result.severity() != Severity.OK)
                .toList();
    }

    private static ClusterNeeds bridge() {
        return ClusterNeeds.ofBridge(settings(Map.of()), 1 << 20);
    }

    private static ClusterNeeds directory() {
        return ClusterNeeds.ofDirectory(settings(Map.of()), 1 << 20);
    }

    private static ClusterNeeds app() {
        return ClusterNeeds.ofApp(settings(Map.of()));
    }

    private static ClusterNeeds appWithProfiles() {
        return ClusterNeeds.ofApp(settings(Map.of("agent.profiles", "on")));
    }

    private static ClusterState state(Map<String, Topic> topics) {
        return new ClusterState(topics, Set.of(), (short) 2);
    }

    private static Map<String, Topic> topics() {
        Map<String, Topic> topics = new HashMap<>();
        for (String name :
                List.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS, Topics.AGENT_LOOKUPS, CHANGELOG)) {
            topics.put(name, topic(4, 3, GOOD, ALL));
        }
        return topics;
    }

    private static Topic topic(int partitions, int replicas, Map<String, String> config, Set<AclOperation> permitted) {
        List<Node> copies = Collections.nCopies(replicas, BROKER);
        return new Topic(
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartitionInfo(partition, BROKER, copies, copies))
                        .toList(),
                config,
                new HashSet<>(permitted));
    }
}
