package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.OperatorOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the conversations of one processor under every setting. Only one thread at a time may use a shard. */
final class BacktestShard {

    private final int number;
    private final int shards;
    private final boolean partitioned;
    private final List<SettingFold> folds = new ArrayList<>();
    private final Set<EventType> topics;
    private final @Nullable Hindsight hindsight;

    /** Passes the events of all topics to hindsight, if not all topics decide. Otherwise the first fold passes them. */
    private final @Nullable ConversationFold witness;

    /** The number of the delivery that is being applied, or {@link DecidedCommand#BY_DEADLINE}. */
    private long applying = DecidedCommand.BY_DEADLINE;

    /** @param partitioned whether each source is a log of its own, which knows only its own profiles */
    BacktestShard(
            List<Setting> settings,
            Set<EventType> topics,
            int number,
            int shards,
            long returnWithinMs,
            boolean partitioned) {
        this.partitioned = partitioned;
        this.topics = topics;
        this.number = number;
        this.shards = shards;
        this.hindsight = returnWithinMs < 0 ? null : new Hindsight(settings.size(), returnWithinMs);
        this.witness = hindsight == null || topics.equals(Backtest.ALL_TOPICS)
                ? null
                : ConversationFold.onHeap(settings.get(0).policy(), new Witness(hindsight));
        for (Setting setting : settings) {
            folds.add(new SettingFold(folds.size(), setting));
        }
    }

    void fold(DeliveryBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            PastDelivery past = batch.delivery(i);
            AgentProfile profile = past.profile();
            if (profile != null) {
                learn(past, profile, batch.timeAt(i), batch.number(i));
                continue;
            }
            String key = past.key();
            if (key == null || Math.floorMod(key.hashCode(), shards) != number) {
                continue;
            }
            OperatorOrder order = past.order();
            if (order != null) {
                obey(past, order, batch.timeAt(i), batch.number(i));
                continue;
            }
            Delivery delivery = past.delivery();
            EventType type = delivery == null ? null : delivery.type();
            if (delivery == null || type == null) {
                continue;
            }
            // Hindsight gets the event before the other settings apply it, so the earlier ends of every setting come
            // first.
            advanceTo(batch.timeAt(i));
            applying = batch.number(i);
            if (witness != null) {
                witness.apply(
                        key, folds.get(0).mapper.event(type, delivery, batch.timeAt(i)), batch.timeAt(i), past.time());
            }
            if (topics.contains(type)) {
                for (SettingFold each : folds) {
                    each.apply(past, key, type, delivery, batch.timeAt(i));
                }
            }
            applying = DecidedCommand.BY_DEADLINE;
        }
        advanceTo(batch.end());
    }

    /** Every shard keeps every profile, because its agent can serve a conversation of any shard. */
    private void learn(PastDelivery past, AgentProfile profile, long at, long number) {
        advanceTo(at);
        applying = number;
        for (SettingFold each : folds) {
            each.foldOf(past).learn(profile, at, past.time());
        }
        applying = DecidedCommand.BY_DEADLINE;
    }

    /** An order names a handover by its number, so under other settings it may have no effect. */
    private void obey(PastDelivery past, OperatorOrder order, long at, long number) {
        advanceTo(at);
        applying = number;
        for (SettingFold each : folds) {
            each.foldOf(past).apply(order.conversationId(), EventMapper.event(order, at), at, past.time());
        }
        applying = DecidedCommand.BY_DEADLINE;
    }

    private void advanceTo(long at) {
        if (witness != null) {
            witness.advanceTo(at);
        }
        for (SettingFold each : folds) {
            each.advanceTo(at);
        }
    }

    /** Ends the run: fires every deadline, ends every retention, and judges all conversations. */
    void runOut() {
        advanceTo(Long.MAX_VALUE);
        if (hindsight != null) {
            hindsight.judgeAll();
        }
    }

    int settings() {
        return folds.size();
    }

    /** Returns the commands decided under a setting since the last call, and removes them from this shard. */
    List<DecidedCommand> removeDecided(int setting) {
        SettingFold fold = folds.get(setting);
        List<DecidedCommand> removed = fold.decided;
        fold.decided = new ArrayList<>();
        return removed;
    }

    @Nullable
    Hindsight hindsight() {
        return hindsight;
    }

    /** Passes each event to hindsight, with its outcome, because duplicates do not count. */
    private record Witness(Hindsight hindsight) implements ConversationFold.Observer {

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            hindsight.happened(conversationId, event, transition.outcome());
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            // Hindsight judges the ends of the settings only.
        }
    }

    /** Folds the conversations under one setting and keeps the commands. */
    private final class SettingFold implements ConversationFold.Observer {

        private final int number;
        private final Setting setting;

        /**
         * The folds by partition, because a partition knows only the profiles that were written to it. Without profiles,
         * there is one.
         */
        private final Map<String, ConversationFold> folds = new LinkedHashMap<>();

        private final EventMapper mapper;
        private List<DecidedCommand> decided = new ArrayList<>();

        private SettingFold(int number, Setting setting) {
            this.number = number;
            this.setting = setting;
            this.mapper = new EventMapper(setting.customerAddress());
        }

        private ConversationFold foldOf(PastDelivery past) {
            boolean isOwn = partitioned && setting.policy().profiles().enabled();
            String source = isOwn ? past.source() : "";
            ConversationFold fold = folds.get(source);
            return fold != null
                    ? fold
                    : folds.computeIfAbsent(source, key -> ConversationFold.onHeap(setting.policy(), this));
        }

        private void advanceTo(long at) {
            for (ConversationFold fold : folds.values()) {
                fold.advanceTo(at);
            }
        }

        private void apply(PastDelivery past, String key, EventType type, Delivery delivery, long at) {
            foldOf(past).apply(key, mapper.event(type, delivery, at), at, past.time());
        }

        @Override
        public void learned(ConversationState before, AgentProfile profile, Transition transition) {
            keep(String.valueOf(profile.conversationId()), transition);
        }

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            if (hindsight != null && witness == null && number == 0) {
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
                hindsight.forgotten(conversationId, number);
            }
        }

        private void keep(String conversationId, Transition transition) {
            for (HandoverCommand command : transition.commands()) {
                decided.add(new DecidedCommand(command, applying));
                if (hindsight != null && command instanceof HandoverEnded end) {
                    hindsight.ended(conversationId, number, end);
                } else if (hindsight != null) {
                    hindsight.agentUpdated(number);
                }
            }
        }
    }
}
