package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.KnownAgent;
import io.handover.conversation.ProfilePolicy;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.TransferPolicy.AnnounceOn;
import io.handover.conversation.fold.StoredAgent;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology asks for profiles, keeps them per partition, and forgets them. */
class AgentProfilesTest {

    private static final Instant START = TopologyFixture.START;
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final Duration RETENTION = Duration.ofDays(2);
    private static final String PICTURE = "https://pictures.example/anna.png";
    private static final TransferPolicy PROFILES = new TransferPolicy(
            10_000,
            120_000,
            2_000,
            true,
            true,
            AnnounceOn.START,
            4 * 86_400_000L,
            0,
            new ProfilePolicy(true, REFRESH.toMillis(), RETENTION.toMillis()));

    @TempDir
    private Path stateDirectory;

    private TopologyFixture topology;
    private TestOutputTopic<String, AgentLookup> lookups;

    @BeforeEach
    void start() {
        start(PROFILES);
    }

    private void start(TransferPolicy policy) {
        topology = new TopologyFixture(stateDirectory, policy, START);
        lookups = topology.driver.createOutputTopic(
                Topics.AGENT_LOOKUPS,
                new StringDeserializer(),
                HandoverSerdes.agentLookups().deserializer());
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldAskForAnUnknownAgentAndShowTheNameWhenItComes() {
        // Given
        announce("c", "anna", seconds(0));
        TestRecord<String, AgentLookup> lookup = lookups.readRecord();
        // When
        learn("c", "anna", "Anna", PICTURE, seconds(1));
        // Then
        assertThat(lookup.key()).isEqualTo("anna");
        assertThat(lookup.value()).isEqualTo(new AgentLookup("c", "anna", START));
        assertThat(shown()).containsExactly("c: anna null", "c: anna Anna");
        assertThat(topology.outcomes("profile-announced")).isOne();
        assertThat(topology.count("handover.lookups.written")).isOne();
    }

    @Test
    void shouldShowAKnownAgentAtOnceInAnotherConversation() {
        // Given
        announce("c", "anna", seconds(0));
        learn("c", "anna", "Anna", PICTURE, seconds(1));
        lookups.readRecord();
        // When
        announce("d", "anna", seconds(2));
        // Then
        assertThat(shown()).containsExactly("c: anna null", "c: anna Anna", "d: anna Anna");
        assertThat(lookups.isEmpty()).isTrue();
    }

    @Test
    void shouldAskForEachConversationUntilAnAnswerComes() {
        // When
        announce("c", "anna", seconds(0));
        announce("d", "anna", seconds(1));
        learn("c", "anna", "Anna", null, seconds(2));
        learn("d", "anna", "Anna", null, seconds(3));
        // Then
        assertThat(lookups.readValuesToList())
                .extracting(AgentLookup::conversationId)
                .containsExactly("c", "d");
        assertThat(shown()).containsExactly("c: anna null", "d: anna null", "c: anna Anna", "d: anna Anna");
    }

    @Test
    void shouldForgetAProfileWhenItsRetentionIsOver() {
        // Given
        announce("c", "anna", seconds(0));
        learn("c", "anna", "Anna", null, seconds(1));
        // When
        topology.moveLogTo(RETENTION);
        assertThat(agents().get("anna")).isNotNull();
        topology.moveLogTo(RETENTION.plusSeconds(1));
        // Then
        assertThat(agents().get("anna")).isNull();
    }

    @Test
    void shouldKeepAProfileFromItsLastRefresh() {
        // Given
        announce("c", "anna", seconds(0));
        learn("c", "anna", "Anna", null, seconds(1));
        learn("c", "anna", "Anna", null, REFRESH);
        // When
        topology.moveLogTo(RETENTION.plusSeconds(1));
        assertThat(agents().get("anna")).isNotNull();
        topology.moveLogTo(RETENTION.plus(REFRESH));
        // Then
        assertThat(agents().get("anna")).isNull();
    }

    @Test
    void shouldForgetAnAgentOnRequest() {
        // Given
        announce("c", "anna", seconds(0));
        learn("c", "anna", "Anna", null, seconds(1));
        lookups.readRecord();
        // When
        learn(null, "anna", null, null, seconds(2));
        announce("d", "anna", seconds(3));
        // Then
        assertThat(shown()).containsExactly("c: anna null", "c: anna Anna", "d: anna null");
        assertThat(lookups.readValue().conversationId()).isEqualTo("d");
    }

    @Test
    void shouldTreatACorruptProfileAsUnknown() {
        // Given
        agents().put("anna", new byte[] {1, 2});
        // When
        announce("c", "anna", seconds(0));
        // Then
        assertThat(shown()).containsExactly("c: anna null");
        assertThat(lookups.readValue().agentId()).isEqualTo("anna");
        assertThat(topology.count("handover.states.corrupt")).isOne();
        assertThat(topology.deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldIgnoreProfilesIfTheyAreOff() {
        // Given
        topology.close();
        start(TransferPolicy.DEFAULT);
        // When
        announce("c", "anna", seconds(0));
        learn("c", "anna", "Anna", null, seconds(1));
        // Then
        assertThat(shown()).containsExactly("c: anna null");
        assertThat(lookups.isEmpty()).isTrue();
        assertThat(agents().get("anna")).isNull();
        assertThat(topology.outcomes("profile-ignored")).isOne();
    }

    @Test
    void shouldForgetAnAgentOnRequestAlsoIfProfilesAreOff() {
        // Given
        topology.close();
        start(TransferPolicy.DEFAULT);
        KnownAgent anna = new KnownAgent("Anna", null, START.toEpochMilli());
        agents().put("anna", new StoredAgent(START.plus(RETENTION).toEpochMilli(), anna).encode());
        // When
        learn(null, "anna", null, null, seconds(1));
        // Then
        assertThat(agents().get("anna")).isNull();
    }

    @Test
    void shouldSendNoControlCharacterAndNoUnsafeAddress() {
        // Given
        announce("c", "anna", seconds(0));
        // When
        String json = "{\"conversationId\":\"c\",\"agentId\":\"anna\",\"name\":\" An\\u0000\\u202ena\\n B. \","
                + "\"imageUrl\":\"javascript:alert(1)\"}";
        topology.events.pipeInput(record("c", json.getBytes(StandardCharsets.UTF_8), seconds(1)));
        // Then
        assertThat(shown()).containsExactly("c: anna null", "c: anna Anna B.");
    }

    @Test
    void shouldSendAnUnreadableProfileToTheDeadLetters() {
        // When
        topology.events.pipeInput(record("c", "{\"name\": 7}".getBytes(StandardCharsets.UTF_8), seconds(1)));
        // Then
        assertThat(topology.deadLetters.readRecord().key()).isEqualTo("c");
    }

    private void announce(String conversation, String agent, Duration after) {
        topology.deliver(conversation, Deliveries.userStart(conversation, agent, START.plus(after)), after);
    }

    private void learn(
            @Nullable String conversation,
            String agent,
            @Nullable String name,
            @Nullable String imageUrl,
            Duration after) {
        AgentProfile profile = new AgentProfile(conversation, agent, name, imageUrl);
        topology.events.pipeInput(
                record(conversation, HandoverSerdes.agentProfileSerializer().serialize(Topics.EVENTS, profile), after));
    }

    private static TestRecord<String, byte[]> record(@Nullable String key, byte[] value, Duration after) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(RecordKind.AGENT_PROFILE.header());
        return new TestRecord<>(key, value, headers, START.plus(after));
    }

    private KeyValueStore<String, byte[]> agents() {
        return topology.agents();
    }

    /** The announcements since the last call, as {@code conversation: agent name}. */
    private List<String> shown() {
        return topology.commandRecords().stream()
                .map(TestRecord::value)
                .filter(command -> !command.conversationId().startsWith("bystander"))
                .map(AgentUpdated.class::cast)
                .map(command -> command.conversationId() + ": "
                        + command.agent().id() + " " + command.agent().name())
                .toList();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
