package io.handover.conversation.fold;

import io.handover.conversation.TransferPolicy;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Choices;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;

/**
 * The history of a conversation, its deliveries, and the commands that must result.
 *
 * @param until long after the last delivery, so that no end is held any more, and the conversation is forgotten
 */
public record Trial(History history, List<Arrival> arrivals, Rules rules, List<Command> expected, long until) {

    public static final long START = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();

    /** Enough for the longest histories; unused choices do not matter. */
    private static final int MOST_CHOICES = 250;

    private static final long DAY_MS = 86_400_000;

    /** Trials with a kind of delivery. A failure shrinks to fewer and smaller choices, and so to a simpler history. */
    static Arbitrary<Trial> arbitrary(UnreliableDelivery delivery) {
        return arbitrary(delivery, Rules.DEFAULT);
    }

    static Arbitrary<Trial> arbitrary(UnreliableDelivery delivery, Rules rules) {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .list()
                .ofMaxSize(MOST_CHOICES)
                .withSizeDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .map(numbers -> of(Choices.of(numbers), delivery, rules));
    }

    private static Trial of(Choices choices, UnreliableDelivery delivery, Rules rules) {
        History history = HistoryGenerator.generate(Tempo.HUMAN, choices, "conversation-1", START);
        List<Arrival> arrivals = delivery.deliver(history, choices);
        long until =
                (arrivals.isEmpty() ? START : arrivals.get(arrivals.size() - 1).at())
                        + TransferPolicy.DEFAULT.retentionMs()
                        + DAY_MS;
        return new Trial(history, arrivals, rules, ReferenceModel.commands(rules, arrivals, until), until);
    }

    TransferPolicy policy() {
        TransferPolicy defaults = TransferPolicy.DEFAULT;
        return new TransferPolicy(
                rules.transferTimeoutMs(),
                rules.afterCallWorkTimeoutMs(),
                rules.graceMs(),
                rules.customerEndEnds(),
                rules.agentsEnd(),
                defaults.announceOn(),
                rules.retentionMs(),
                defaults.maxIdleMs(),
                defaults.profiles());
    }

    @Override
    public String toString() {
        return history + Arrival.describe(arrivals, START) + Command.describe("what must come out", expected, START);
    }
}
