package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.AgentSession;
import io.handover.conversation.Announced;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Customer;
import io.handover.conversation.Cycle;
import io.handover.conversation.Cycle.End;
import io.handover.conversation.EndReason;
import io.handover.conversation.Fingerprints;
import io.handover.conversation.FlowSession;
import io.handover.conversation.KnownAgent;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Sessions;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.schema.EventType;
import io.handover.schema.Evidence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredConversationTest {

    private static final Evidence LEFT = new Evidence(
            "user.end", "0f3a1c9e-5b7d-4e21-8a90-6c5d4b3a2f1e", Instant.ofEpochMilli(1_768_471_200_000L), "CLIENT");
    private static final Evidence ACW =
            new Evidence("some.topic", null, Instant.ofEpochMilli(1_768_471_260_000L), null);

    /** Every field is set, and every optional one is also absent somewhere. */
    private static final StoredConversation FULL = new StoredConversation(
            1_768_471_262_000L,
            new ConversationState(
                    new Cycle(
                            2,
                            true,
                            new End(1_768_000_000_000L, true),
                            1_768_100_000_000L,
                            new Announced("anna", LEFT, new UUID(7, -8)),
                            new PendingEnd(EndReason.AFTER_CALL_WORK, List.of(LEFT, ACW), 1_768_471_262_000L)),
                    new Sessions(
                            List.of(
                                    new AgentSession(
                                            "leg-1",
                                            "anna",
                                            1,
                                            new AgentSession.Service(1_768_000_000_001L, true, null, null),
                                            1),
                                    new AgentSession(
                                            "s:7c9e6679-7425-40de-944b-e07fc1f90ae7",
                                            null,
                                            2,
                                            new AgentSession.Service(
                                                    AgentSession.UNKNOWN,
                                                    null,
                                                    new AgentSession.Departure(
                                                            AgentSession.Reason.LEFT, LEFT, 1_768_471_200_500L),
                                                    ACW),
                                            0)),
                            List.of(
                                    new QueueSession(
                                            "queue-1",
                                            1,
                                            AgentSession.UNKNOWN,
                                            LEFT,
                                            QueueSession.Exit.ABANDONED,
                                            "anna"),
                                    new QueueSession(
                                            "", 2, 1_768_100_000_002L, null, QueueSession.Exit.TRANSFERRED, null)),
                            List.of(
                                    new FlowSession(
                                            "flow-1", true, 1_768_100_000_004L, LEFT, FlowSession.Exit.DISCONNECTED),
                                    new FlowSession(
                                            "flow-2", false, AgentSession.UNKNOWN, null, FlowSession.Exit.OTHER))),
                    new Customer(
                            "customer-ü",
                            null,
                            "customer-7c9e6679-7425-40de-944b-e07fc1f90ae7",
                            1_768_100_000_003L,
                            LEFT,
                            1_768_471_260_400L),
                    fingerprints(3),
                    1_768_471_260_500L));

    private static Fingerprints fingerprints(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Fingerprints.BYTES);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (31 * i + 200));
        }
        return Fingerprints.read(bytes, count);
    }

    @Test
    void shouldReadWhatItWrote() throws CorruptStateException {
        // When / Then
        assertThat(StoredConversation.decode(FULL.encode())).isEqualTo(FULL);
        assertThat(StoredConversation.decode(StoredConversation.NEW.encode())).isEqualTo(StoredConversation.NEW);
    }

    @Test
    void shouldWriteTheEncodingOfTheGoldenFile() throws CorruptStateException, IOException {
        // When
        String golden = golden();
        // Then
        assertThat(Base64.getMimeEncoder().encodeToString(FULL.encode())).isEqualToNormalizingNewlines(golden);
        assertThat(StoredConversation.decode(Base64.getMimeDecoder().decode(golden)))
                .isEqualTo(FULL);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepOnlyTheTimeOfAnExitThatCannotEndAHandover(AgentSession.Reason reason) throws CorruptStateException {
        // Given
        AgentSession agent = new AgentSession(
                "a", null, 1, new AgentSession.Service(1, null, new AgentSession.Departure(reason, LEFT, 2), null), 0);
        QueueSession queue = new QueueSession("q", 1, 1, LEFT, queueExit(reason), null);
        FlowSession flow = new FlowSession("f", true, 1, LEFT, flowExit(reason));
        ConversationState state = new ConversationState(
                FULL.state().cycle(),
                new Sessions(List.of(agent), List.of(queue), List.of(flow)),
                FULL.state().customer(),
                Fingerprints.NONE,
                3);
        // When
        ConversationState kept = state.withoutSpentEvidence();
        // Then
        Evidence evidence = reason == AgentSession.Reason.LEFT ? LEFT : new Evidence("", null, LEFT.eventTime(), null);
        assertThat(kept.sessions().agents().get(0).departure())
                .isEqualTo(new AgentSession.Departure(reason, evidence, 2));
        assertThat(kept.sessions().queues().get(0).left()).isEqualTo(evidence);
        assertThat(kept.sessions().flows().get(0).ended()).isEqualTo(evidence);
        assertThat(kept.withoutSpentEvidence()).isSameAs(kept);
        StoredConversation stored = new StoredConversation(0, kept);
        assertThat(StoredConversation.decode(stored.encode())).isEqualTo(stored);
    }

    private static QueueSession.Exit queueExit(AgentSession.Reason reason) {
        return switch (reason) {
            case LEFT -> QueueSession.Exit.ABANDONED;
            case TRANSFERRED -> QueueSession.Exit.TRANSFERRED;
            case DECLINED -> QueueSession.Exit.ANSWERED;
        };
    }

    private static FlowSession.Exit flowExit(AgentSession.Reason reason) {
        return switch (reason) {
            case LEFT -> FlowSession.Exit.DISCONNECTED;
            case TRANSFERRED -> FlowSession.Exit.TRANSFERRED;
            case DECLINED -> FlowSession.Exit.OTHER;
        };
    }

    @Test
    void shouldWriteOneStateAfterTheOtherInOneBuffer() throws CorruptStateException {
        // Given
        StateEncoding.Writer buffer = new StateEncoding.Writer();
        // When
        FULL.encode(buffer);
        byte[] next = StoredConversation.NEW.encode(buffer);
        // Then
        assertThat(StoredConversation.decode(next)).isEqualTo(StoredConversation.NEW);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3_600_000})
    void shouldWriteTheSameBytesIfItCopiesSessions(long laterMs) throws CorruptStateException {
        // Given
        SessionBytes decoded = new SessionBytes();
        StateEncoding.Writer buffer = new StateEncoding.Writer();
        ConversationState read =
                StoredConversation.decode(FULL.encode(), decoded).state();
        List<AgentSession> agents = read.sessions().agents();
        List<QueueSession> queues = read.sessions().queues();
        QueueSession changed = new QueueSession("q", 2, 1, LEFT, QueueSession.Exit.ABANDONED, null);
        for (Sessions sessions : List.of(
                read.sessions(),
                new Sessions(agents, List.of(queues.get(0), changed), List.of()),
                new Sessions(agents.subList(1, 2), List.of(changed, queues.get(1), queues.get(0)), List.of()),
                new Sessions(List.of(), List.of(), read.sessions().flows()))) {
            StoredConversation next = stored(read, sessions, laterMs);
            // When
            byte[] bytes = next.encode(buffer, decoded);
            // Then
            assertThat(bytes).isEqualTo(next.encode());
        }
    }

    @Test
    void shouldCopyOnlyTheSessionsThatWereDecodedLast() throws CorruptStateException {
        // Given
        SessionBytes decoded = new SessionBytes();
        StateEncoding.Writer buffer = new StateEncoding.Writer();
        byte[] bytes = FULL.encode();
        StoredConversation first = StoredConversation.decode(bytes.clone(), decoded);
        StoredConversation second = StoredConversation.decode(bytes, decoded);
        // When the bytes change, what is copied from them shows it
        Arrays.fill(bytes, 1, bytes.length, (byte) 0);
        // Then
        assertThat(second.encode(buffer, decoded)).isNotEqualTo(second.encode());
        assertThat(first.encode(buffer, decoded)).isEqualTo(first.encode());
        assertThat(stored(second.state(), second.state().sessions(), 3_600_000).encode(buffer, decoded))
                .isEqualTo(stored(second.state(), second.state().sessions(), 3_600_000)
                        .encode());
        // When the bytes have another version
        bytes[0] = 0;
        // Then
        assertThat(second.encode(buffer, decoded)).isEqualTo(second.encode());
    }

    private static StoredConversation stored(ConversationState state, Sessions sessions, long laterMs) {
        return new StoredConversation(
                FULL.retentionAt(),
                new ConversationState(
                        state.cycle(), sessions, state.customer(), state.fingerprints(), state.touchedAt() + laterMs));
    }

    /** The encoding has the ordinals. */
    @Test
    void shouldKeepTheOrderOfTheConstants() {
        // When / Then
        assertThat(EndReason.values())
                .extracting(Enum::name)
                .startsWith(
                        "CUSTOMER_END",
                        "AFTER_CALL_WORK",
                        "AGENT_LEFT",
                        "TRANSFER_TIMEOUT",
                        "QUEUE_ABANDONED",
                        "FLOW_DISCONNECTED",
                        "IDLE",
                        "EXPIRED");
        assertThat(EventType.values())
                .extracting(EventType::suffix)
                .startsWith(
                        "customer.start",
                        "customer.end",
                        "user.start",
                        "user.end",
                        "acw",
                        "wrapup",
                        "acd.start",
                        "acd.end",
                        "flow.start",
                        "flow.end",
                        "flow.outcome");
        assertThat(AgentSession.Reason.values()).extracting(Enum::name).startsWith("LEFT", "TRANSFERRED", "DECLINED");
        assertThat(QueueSession.Exit.values())
                .extracting(Enum::name)
                .startsWith("ANSWERED", "TRANSFERRED", "ABANDONED");
        assertThat(FlowSession.Exit.values()).extracting(Enum::name).startsWith("DISCONNECTED", "TRANSFERRED", "OTHER");
    }

    @Test
    void shouldReadTheProfileThatItWrote() throws CorruptStateException {
        // Given
        StoredAgent known = new StoredAgent(7, new KnownAgent("Anna Ü.", "https://pictures.example/a.png", 5));
        StoredAgent unknown = new StoredAgent(8, new KnownAgent(null, null, 6));
        // When / Then
        assertThat(StoredAgent.decode(known.encode())).isEqualTo(known);
        assertThat(StoredAgent.decode(unknown.encode())).isEqualTo(unknown);
        assertThatThrownBy(() -> StoredAgent.decode(Arrays.copyOf(known.encode(), 12)))
                .isInstanceOf(CorruptStateException.class);
    }

    private String golden() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/states/version-1.base64")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    @Test
    void shouldSeeInTheBytesWhetherAConversationHasEnded() throws CorruptStateException {
        // Given
        Cycle ended = new Cycle(1, false, new Cycle.End(1_768_471_260_000L, true), AgentSession.UNKNOWN, null, null);
        StoredConversation conversation = new StoredConversation(
                StoredConversation.NO_TIMER,
                new ConversationState(
                        ended, FULL.state().sessions(), FULL.state().customer(), fingerprints(1), 1_768_471_260_500L));
        // When
        byte[] bytes = conversation.encode();
        // Then
        assertThat(StoredConversation.isEnded(bytes)).isTrue();
        assertThat(StoredConversation.touchedAt(bytes)).isEqualTo(1_768_471_260_500L);
        assertThat(StoredConversation.decode(bytes)).isEqualTo(conversation);
        assertThat(conversation.timers("c")).isEmpty();
        assertThat(StoredConversation.isEnded(FULL.encode())).isFalse();
        assertThat(FULL.timers("c")).hasSize(2);
        assertThat(StoredConversation.isEnded(Arrays.copyOf(bytes, 9))).isFalse();
        assertThat(StoredConversation.isEnded(new byte[0])).isFalse();
    }

    @Test
    void shouldRejectEveryStateThatIsCutShort() {
        // Given
        byte[] whole = FULL.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            // When / Then
            assertThatThrownBy(() -> StoredConversation.decode(cut)).isInstanceOf(CorruptStateException.class);
        }
        assertThatThrownBy(() -> StoredConversation.decode(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(CorruptStateException.class);
    }

    @Test
    void shouldSurviveGarbledBytes() {
        // Given
        Random random = new Random(20_260_115);
        byte[] whole = FULL.encode();
        for (int i = 0; i < 10_000; i++) {
            byte[] garbled = whole.clone();
            garbled[1 + random.nextInt(whole.length - 1)] ^= (byte) (1 << random.nextInt(8));
            // When / Then
            try {
                assertThat(StoredConversation.decode(garbled)).isNotNull();
            } catch (CorruptStateException e) {
                assertThat(e).hasMessageStartingWith("Expected");
            }
        }
    }

    @Test
    void shouldRejectAStateThatBreaksAnInvariant() {
        // Given
        // The cycle follows the version and the time of the state: its flags, and its number.
        int flags = 1 + Long.BYTES;
        byte[] endedWithoutAnEnd = StoredConversation.NEW.encode();
        endedWithoutAnEnd[flags] = 0;
        byte[] beforeTheFirstHandover = StoredConversation.NEW.encode();
        beforeTheFirstHandover[flags + 1] = 0;
        // When / Then
        assertThatThrownBy(() -> StoredConversation.decode(endedWithoutAnEnd))
                .isInstanceOf(CorruptStateException.class);
        assertThatThrownBy(() -> StoredConversation.decode(beforeTheFirstHandover))
                .isInstanceOf(CorruptStateException.class);
    }

    @Test
    void shouldRejectTheStateOfANewerRelease() {
        // Given
        byte[] newer = FULL.encode();
        newer[0] = 2;
        // When / Then
        assertThatThrownBy(() -> StoredConversation.decode(newer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer release");
    }
}
