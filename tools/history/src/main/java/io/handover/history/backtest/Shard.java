package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conversations of one processor, folded under every setting. Used by one thread at a time. */
final class Shard {

    private final int number;
    private final int shards;
    private final List<Way> ways = new ArrayList<>();
    private final @Nullable Hindsight hindsight;

    /** Which delivery is being applied, or {@link Decided#BY_DEADLINE}. */
    private long applying = Decided.BY_DEADLINE;

    Shard(List<Setting> settings, int number, int shards, long returnWithinMs) {
        this.number = number;
        this.shards = shards;
        this.hindsight = returnWithinMs < 0 ? null : new Hindsight(settings.size(), returnWithinMs);
        for (Setting setting : settings) {
            ways.add(new Way(ways.size(), setting));
        }
    }

    void fold(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            PastDelivery past = batch.delivery(i);
            String key = past.key();
            Delivery delivery = past.delivery();
            EventType type = delivery == null ? null : delivery.type();
            if (key == null || delivery == null || type == null || Math.floorMod(key.hashCode(), shards) != number) {
                continue;
            }
            for (Way way : ways) {
                way.fold.advanceTo(batch.timeAt(i));
                applying = batch.number(i);
                way.apply(key, type, delivery, batch.timeAt(i), past.time());
                applying = Decided.BY_DEADLINE;
            }
        }
        ways.forEach(way -> way.fold.advanceTo(batch.end()));
    }

    /** Lets everything that is held run to its deadline; afterwards nothing is remembered. */
    void runOut() {
        ways.forEach(way -> way.fold.advanceTo(Long.MAX_VALUE));
        if (hindsight != null) {
            hindsight.judgeAll();
        }
    }

    int settings() {
        return ways.size();
    }

    /** What was decided since the last time. */
    List<Decided> takeDecided(int setting) {
        Way way = ways.get(setting);
        List<Decided> taken = way.decided;
        way.decided = new ArrayList<>();
        return taken;
    }

    @Nullable
    Hindsight hindsight() {
        return hindsight;
    }

    /** One setting's decisions. */
    private final class Way implements ConversationFold.Observer {

        private final int number;
        private final ConversationFold fold;
        private final EventMapper reading;
        private List<Decided> decided = new ArrayList<>();

        private Way(int number, Setting setting) {
            this.number = number;
            this.fold = ConversationFold.onHeap(setting.policy(), this);
            this.reading = new EventMapper(setting.customerAddress());
        }

        private void apply(String key, EventType type, Delivery delivery, long at, long recordTime) {
            fold.apply(key, reading.event(type, delivery, at), at, recordTime);
        }

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            if (hindsight != null && number == 0) {
                hindsight.happened(conversationId, event, transition.outcome());
            }
            keep(conversationId, transition);
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            keep(conversationId, transition);
        }

        @Override
        public void forgotten(String conversationId, ConversationState last) {
            if (hindsight != null) {
                hindsight.forgotten(conversationId, number, last);
            }
        }

        private void keep(String conversationId, Transition transition) {
            for (HandoverCommand command : transition.commands()) {
                decided.add(new Decided(command, applying));
                if (hindsight != null && command instanceof HandoverEnded end) {
                    hindsight.ended(conversationId, number, end);
                } else if (hindsight != null) {
                    hindsight.agentUpdated(number);
                }
            }
        }
    }
}
