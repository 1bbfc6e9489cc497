package io.handover.benchmark;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.ConversationStateMachine;
import io.handover.conversation.Fingerprint;
import io.handover.conversation.KnownAgent;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.conversation.fold.IdEncoding;
import io.handover.conversation.fold.SessionBytes;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateEncoding.Writer;
import io.handover.conversation.fold.StoredConversation;
import io.handover.schema.Delivery;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.EventType;
import io.handover.traffic.GenesysEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the streams-app does with each delivery, apart from Kafka and RocksDB. Each call takes the next of many deliveries:
 * with one alone, the compiler would know too much about it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Loops {

    /** Before the samples begin, so many deliveries give the conversations a history. */
    private static final int HISTORY = 20_000;

    /** A power of two. */
    private static final int SAMPLES = 4_096;

    private static final double CONVERSATIONS_PER_SECOND = 40;

    private final ConversationStateMachine machine =
            new ConversationStateMachine(TransferPolicy.DEFAULT, KnownAgent.View.NONE);
    private final Writer writer = new Writer();
    private final SessionBytes decoded = new SessionBytes();
    private final List<Sample> samples = new ArrayList<>();
    private int next;

    /** A delivery, and the state of its conversation before and after it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(
            byte[] json,
            Delivery delivery,
            String conversationId,
            ConversationState before,
            ConversationEvent event,
            StoredConversation after,
            byte[] encoded,
            long at) {}

    /** Decides the deliveries of the benchmark's traffic, and keeps the last of them. */
    @Setup
    public void decideTraffic() {
        long begins = System.currentTimeMillis();
        Traffic traffic = new Traffic(1, begins, CONVERSATIONS_PER_SECOND);
        EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
        Keeper keeper = new Keeper();
        ConversationFold fold = ConversationFold.onHeap(TransferPolicy.DEFAULT, keeper);
        for (int i = 0; i < HISTORY + SAMPLES; i++) {
            GenesysEvent event = traffic.next();
            byte[] json = event.envelope(new UUID(0, i).toString(), null);
            Delivery delivery = Delivery.read(json);
            EventType type = Objects.requireNonNull(delivery.type(), "type");
            ConversationEvent decoded = mapper.event(type, delivery, event.time());
            fold.advanceTo(event.time());
            fold.apply(event.conversationId(), decoded, event.time(), event.time());
            if (i >= HISTORY) {
                ConversationState state =
                        Objects.requireNonNull(keeper.after, "after").withoutSpentEvidence();
                StoredConversation after =
                        new StoredConversation(state.touchedAt() + TransferPolicy.DEFAULT.retentionMs(), state);
                samples.add(new Sample(
                        json,
                        delivery,
                        event.conversationId(),
                        Objects.requireNonNull(keeper.before, "before"),
                        decoded,
                        after,
                        after.encode(),
                        event.time()));
            }
        }
    }

    private Sample sample() {
        return samples.get(next++ & (SAMPLES - 1));
    }

    @Benchmark
    public Delivery read() {
        return Delivery.read(sample().json());
    }

    @Benchmark
    public @Nullable Fingerprint fingerprint() {
        Delivery delivery = sample().delivery();
        EventBody body = delivery.body();
        return Fingerprint.of(
                String.valueOf(delivery.type()), body.participantId(), body.sessionId(), body.eventTimeMs(), null);
    }

    @Benchmark
    public StoredConversation decode() throws CorruptStateException {
        return StoredConversation.decode(sample().encoded(), decoded);
    }

    @Benchmark
    public Transition decide() {
        Sample sample = sample();
        return machine.apply(sample.conversationId(), sample.before(), sample.event(), sample.at());
    }

    /** As for an event that changes no session: all sessions are copied. */
    @Benchmark
    public byte[] decodeAndEncode() throws CorruptStateException {
        return StoredConversation.decode(sample().encoded(), decoded).encode(writer, decoded);
    }

    /** Encodes a whole state. */
    @Benchmark
    public byte[] encode() {
        return sample().after().encode(writer);
    }

    /** The costly part of the key of a timer: the id as bytes. */
    @Benchmark
    public byte[] timerKey() {
        return IdEncoding.encode(sample().conversationId());
    }

    /** Keeps the last decision. */
    private static final class Keeper implements ConversationFold.Observer {

        private @Nullable ConversationState before;
        private @Nullable ConversationState after;

        @Override
        public void applied(
                String conversationId, ConversationState state, ConversationEvent event, Transition transition) {
            before = state;
            after = transition.state();
        }

        @Override
        public void fired(String conversationId, ConversationState state, long deadline, Transition transition) {
            // The samples are deliveries.
        }
    }
}
