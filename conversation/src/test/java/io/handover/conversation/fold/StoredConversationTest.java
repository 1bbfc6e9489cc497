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

class StoredConversationTest {

    private static final Evidence LEFT =
            new Evidence("user.end", "event-1", Instant.ofEpochMilli(1_768_471_200_000L), "CLIENT");
    private static final Evidence ACW = new Evidence("acw", null, Instant.ofEpochMilli(1_768_471_260_000L), null);

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
                                            "leg-2",
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
                                            QueueSession.Exit.ANSWERED,
                                            "anna"),
                                    new QueueSession(
                                            "", 2, 1_768_100_000_002L, null, QueueSession.Exit.TRANSFERRED, null)),
                            List.of(
                                    new FlowSession(
                                            "flow-1", true, 1_768_100_000_004L, LEFT, FlowSession.Exit.DISCONNECTED),
                                    new FlowSession(
                                            "flow-2", false, AgentSession.UNKNOWN, null, FlowSession.Exit.OTHER))),
                    new Customer("customer-ü", null, "session-1", 1_768_100_000_003L, LEFT, 1_768_471_260_400L),
                    fingerprints(1, -2, Long.MAX_VALUE, Long.MIN_VALUE),
                    1_768_471_260_500L));

    private static Fingerprints fingerprints(long... halves) {
        ByteBuffer bytes = ByteBuffer.allocate(halves.length * Long.BYTES);
        bytes.asLongBuffer().put(halves);
        return Fingerprints.read(bytes, halves.length / 2);
    }

    @Test
    void shouldReadWhatItWrote() throws CorruptStateException {
        // When / Then
        assertThat(StoredConversation.decode(FULL.encode())).isEqualTo(FULL);
        assertThat(StoredConversation.decode(StoredConversation.NEW.encode())).isEqualTo(StoredConversation.NEW);
    }

    @Test
    void shouldWriteTheNewestEncoding() throws CorruptStateException, IOException {
        // When
        String golden = golden(3);
        // Then
        assertThat(Base64.getMimeEncoder().encodeToString(FULL.encode())).isEqualToNormalizingNewlines(golden);
        assertThat(StoredConversation.decode(Base64.getMimeDecoder().decode(golden)))
                .isEqualTo(FULL);
    }

    @Test
    void shouldReadTheFirstEncodingWhichHasNoFlows() throws CorruptStateException, IOException {
        // Given
        ConversationState full = FULL.state();
        Sessions withoutFlows =
                new Sessions(full.sessions().agents(), full.sessions().queues(), List.of());
        // When
        StoredConversation read =
                StoredConversation.decode(Base64.getMimeDecoder().decode(golden(1)));
        // Then
        assertThat(read)
                .isEqualTo(new StoredConversation(
                        FULL.timerAt(),
                        new ConversationState(
                                withAnnouncedId(full.cycle()),
                                withoutFlows,
                                full.customer(),
                                full.fingerprints(),
                                full.touchedAt())));
    }

    @Test
    void shouldReadTheSecondEncodingWhichHasOnlyTheIdOfTheAnnouncedAgent() throws CorruptStateException, IOException {
        // Given
        ConversationState full = FULL.state();
        // When
        StoredConversation read =
                StoredConversation.decode(Base64.getMimeDecoder().decode(golden(2)));
        // Then
        assertThat(read)
                .isEqualTo(new StoredConversation(
                        FULL.timerAt(),
                        new ConversationState(
                                withAnnouncedId(full.cycle()),
                                full.sessions(),
                                full.customer(),
                                full.fingerprints(),
                                full.touchedAt())));
    }

    private static Cycle withAnnouncedId(Cycle cycle) {
        return new Cycle(
                cycle.number(),
                cycle.open(),
                cycle.lastEnd(),
                cycle.began(),
                new Announced("anna", null, null),
                cycle.pending());
    }

    @Test
    void shouldReadTheProfileThatItWrote() throws CorruptStateException {
        // Given
        StoredAgent known = new StoredAgent(7, new KnownAgent("Anna Ü.", "https://pictures.example/a.png", 5));
        StoredAgent unknown = new StoredAgent(8, new KnownAgent(null, null, 6));
        // When / Then
        assertThat(StoredAgent.decode(known.encode())).isEqualTo(known);
        assertThat(StoredAgent.decode(unknown.encode())).isEqualTo(unknown);
        assertThatThrownBy(() -> StoredAgent.decode(Arrays.copyOf(known.encode(), 20)))
                .isInstanceOf(CorruptStateException.class);
    }

    private String golden(int version) throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/states/version-" + version + ".base64")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
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
        byte[] endedWithoutAnEnd = StoredConversation.NEW.encode();
        endedWithoutAnEnd[1 + Long.BYTES + Integer.BYTES] = 0;
        byte[] beforeTheFirstHandover = StoredConversation.NEW.encode();
        beforeTheFirstHandover[Long.BYTES + Integer.BYTES] = 0;
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
        newer[0] = 4;
        // When / Then
        assertThatThrownBy(() -> StoredConversation.decode(newer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("version 4")
                .hasMessageContaining("newer release");
    }
}
