package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.ProfilePolicy;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.ConversationLogs;
import io.handover.reference.Invariants;
import io.handover.reference.ProfileArrival;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.RunSeed;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.Delivery;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.streams.LogRun.WallClock;
import io.handover.streams.PartitionLog.Entry;
import io.handover.traffic.Choices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs a partition with many conversations and with profiles of agents through the topology. Few agents serve in all
 * conversations, so their profiles are known, outdated or forgotten when they are announced.
 */
class RandomProfilesTest {

    private static final ProfilePolicy PROFILES = new ProfilePolicy(true, 3_000, 10_000);
    private static final TransferPolicy POLICY = policy();
    private static final Rules RULES = new Rules(
            POLICY.outOfOrderGraceMs(),
            POLICY.transferTimeoutMs(),
            POLICY.afterCallWorkTimeoutMs(),
            true,
            true,
            POLICY.retentionMs(),
            PROFILES.retentionMs());
    private static final UnreliableDelivery WITHIN_GRACE =
            UnreliableDelivery.within(RULES.graceMs() - 1, 3 * 86_400_000L);
    private static final long UNTIL = LogRun.AFTERWARDS.toEpochMilli();

    @TempDir
    private Path stateDirectory;

    private LogRun topology;

    @BeforeEach
    void prepare() {
        topology = new LogRun(stateDirectory, POLICY);
    }

    private static TransferPolicy policy() {
        TransferPolicy defaults = TransferPolicy.DEFAULT;
        return new TransferPolicy(
                defaults.transferTimeoutMs(),
                defaults.afterCallWorkTimeoutMs(),
                defaults.outOfOrderGraceMs(),
                defaults.customerEndEnds(),
                defaults.agentsEnd(),
                defaults.announceOn(),
                defaults.retentionMs(),
                defaults.maxIdleMs(),
                PROFILES);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldShowTheNamesThatTheModelShows(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(seed, 2_000, WITHIN_GRACE).withProfiles(seed);
        ConversationLogs logs = new ConversationLogs(RULES);
        log.entries().forEach(entry -> logs.add(Objects.requireNonNull(entry.content())));
        List<Command> all = new ArrayList<>();
        // When
        Map<String, List<String>> commands = topology.run(log, WallClock.YEARS_BEHIND, Set.of());
        // Then
        log.historyByConversation().forEach((conversation, history) -> {
            List<Arrival> arrivals = log.arrivals(conversation);
            List<Command> seen = LogRun.commands(commands, conversation);
            List<Command> expected = ReferenceModel.commands(RULES, logs.of(conversation), UNTIL);
            assertThat(Comparison.of(expected, seen).isClean())
                    .as(() -> Arrival.describe(arrivals, history.start())
                            + Command.describe("what must come out", expected, history.start())
                            + Command.describe("what came out", seen, history.start()))
                    .isTrue();
            assertThat(Invariants.breaches(RULES, arrivals, seen)).isEmpty();
            assertThat(ends(seen)).isEqualTo(ends(ReferenceModel.commands(RULES, arrivals, UNTIL)));
            all.addAll(seen);
        });
        assertThat(all).filteredOn(command -> command.shown().byProfile()).hasSizeGreaterThan(500);
        assertThat(all)
                .filteredOn(command ->
                        !command.shown().byProfile() && command.shown().name() != null)
                .hasSizeGreaterThan(500);
        assertThat(all)
                .filteredOn(command -> !command.isEnd() && command.shown().name() == null)
                .hasSizeGreaterThan(500);
    }

    /** The back-test decides with the same fold. */
    @Test
    void shouldGiveTheBytesThatTheFoldGives() {
        // Given
        PartitionLog log = PartitionLog.of(3, 500, UnreliableDelivery.within(300_000, 86_400_000))
                .withProfiles(3);
        Map<String, List<String>> values = new LinkedHashMap<>();
        // When
        topology.run(log, WallClock.YEARS_BEHIND, Set.of())
                .forEach((conversation, commands) -> values.put(
                        conversation, commands.stream().map(LogRun::value).toList()));
        // Then
        assertThat(values).isEqualTo(FoldRun.of(log)).hasSizeGreaterThan(400);
    }

    @Test
    void shouldGiveTheSameAfterRestartsAndWhateverTheWallClockShows() {
        // Given
        PartitionLog log = PartitionLog.of(4, 100, UnreliableDelivery.within(RULES.graceMs() - 1, 600_000))
                .withProfiles(4);
        Choices choices = Choices.seeded(RunSeed.of(4));
        Set<Integer> restarts = IntStream.range(0, 6)
                .mapToObj(i -> choices.below(log.entries().size()))
                .collect(Collectors.toSet());
        // When / Then
        assertThat(topology.run(log, WallClock.IN_STEP, restarts))
                .isEqualTo(topology.run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    private static List<Command> ends(List<Command> commands) {
        return commands.stream()
                .filter(Command::isEnd)
                .map(end -> new Command(
                        "", end.cycle(), end.type(), end.what(), end.occurredAt(), end.decidedAt(), end.evidence()))
                .toList();
    }

    /** Runs a log through a fold on the heap. */
    private static final class FoldRun implements ConversationFold.Observer {

        private final Map<String, List<String>> values = new LinkedHashMap<>();

        /** The values of the command records per conversation. */
        private static Map<String, List<String>> of(PartitionLog log) {
            FoldRun run = new FoldRun();
            ConversationFold fold = ConversationFold.onHeap(POLICY, run);
            EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
            for (Entry entry : log.entries()) {
                long at = entry.time();
                fold.advanceTo(at);
                if (entry.content() instanceof Arrival arrival) {
                    Delivery delivery = Delivery.read(arrival.envelope());
                    fold.apply(
                            entry.key(), mapper.event(Objects.requireNonNull(delivery.type()), delivery, at), at, at);
                } else if (entry.content() instanceof ProfileArrival profile) {
                    fold.learn(
                            new AgentProfile(
                                    profile.conversationId(), profile.agentId(), profile.name(), profile.imageUrl()),
                            at,
                            at);
                }
            }
            fold.advanceTo(UNTIL);
            return run.values;
        }

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            add(transition);
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            add(transition);
        }

        @Override
        public void learned(ConversationState before, AgentProfile profile, Transition transition) {
            add(transition);
        }

        private void add(Transition transition) {
            for (HandoverCommand command : transition.commands()) {
                byte[] value = HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command);
                values.computeIfAbsent(command.conversationId(), id -> new ArrayList<>())
                        .add(new String(value, StandardCharsets.UTF_8));
            }
        }
    }
}
