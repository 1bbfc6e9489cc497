package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.handover.traffic.Choices;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the model keep every invariant. So a breach is a mistake in the product, or in both. */
class ModelInvariantsTest {

    private static final int HISTORIES = 2_000;
    private static final UnreliableDelivery WITHIN_GRACE =
            UnreliableDelivery.within(Rules.DEFAULT.graceMs() - 1, 3 * 86_400_000L);

    private static final Rules CUSTOMER_ALONE = new Rules(2_000, 10_000, 120_000, true, false);
    private static final Rules AGENTS_ALONE = new Rules(2_000, 10_000, 120_000, false, true);
    private static final Rules SOON_FORGOTTEN = new Rules(2_000, 10_000, 120_000, true, true, 500_000);

    static Stream<Arguments> settings() {
        return Stream.of(
                arguments("in order", UnreliableDelivery.NONE, Rules.DEFAULT, true),
                arguments("out of order", WITHIN_GRACE, Rules.DEFAULT, true),
                arguments("only the customer ends", WITHIN_GRACE, CUSTOMER_ALONE, false),
                arguments("only agents end", WITHIN_GRACE, AGENTS_ALONE, true),
                arguments("with lost events", WITHIN_GRACE.losing(6), Rules.DEFAULT, false),
                arguments("soon forgotten", WITHIN_GRACE.losing(6), SOON_FORGOTTEN, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void shouldKeepTheInvariants(String setting, UnreliableDelivery delivery, Rules rules, boolean showsTheTruth) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            // Given
            Choices choices = Choices.seeded(RunSeed.of(seed));
            History history = HistoryGenerator.generate(Tempo.HUMAN, choices, "conversation-" + seed, 0);
            List<Arrival> arrivals = delivery.deliver(history, choices);

            // When
            List<Command> commands = withIds(ReferenceModel.commands(rules, arrivals, Long.MAX_VALUE));

            // Then
            assertThat(Invariants.breaches(rules, arrivals, commands))
                    .as(() -> setting + ", " + history)
                    .isEmpty();
            assertThat(Invariants.breachesOfLiveness(rules, arrivals, commands))
                    .as(() -> setting + ", " + history)
                    .isEmpty();
            if (showsTheTruth && history.apart()) {
                assertThat(Invariants.breachesOfTruth(history, commands))
                        .as(() -> setting + ", " + history)
                        .isEmpty();
            }
        }
    }

    private static List<Command> withIds(List<Command> commands) {
        List<Command> withIds = new ArrayList<>();
        for (Command command : commands) {
            withIds.add(new Command(
                    "command-" + withIds.size(),
                    command.cycle(),
                    command.type(),
                    command.what(),
                    command.shown(),
                    command.occurredAt(),
                    command.decidedAt(),
                    command.evidence()));
        }
        return withIds;
    }
}
