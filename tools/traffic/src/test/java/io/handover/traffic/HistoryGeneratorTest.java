package io.handover.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.GenesysEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryGeneratorTest {

    private static final int HISTORIES = 1_000;

    /** A seed in a note of a failure must go on to mean the same conversations. */
    private static final String KNOWN_HISTORIES = "9d8faf129a3e2250bedf99ceddf7c1406ea5da3a27a7f685900c2ba379070f6b";

    @Test
    void shouldTellTheSameHistoriesForTheSameSeeds() throws NoSuchAlgorithmException {
        // Given
        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        // When
        for (int seed = 0; seed < HISTORIES; seed++) {
            digest.update(history(Tempo.HUMAN, seed).toString().getBytes(StandardCharsets.UTF_8));
        }

        // Then
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(KNOWN_HISTORIES);
    }

    @Test
    void shouldHaveNobodyGoAndComeBackWithoutGaps() {
        // Given, When
        List<Long> gaps = gaps(Tempo.HUMAN);

        // Then
        assertThat(gaps).isEmpty();
    }

    @Test
    void shouldHaveGapsOfEveryLength() {
        // Given, When
        List<Long> gaps = gaps(Tempo.HUMAN.withGaps(90_000));

        // Then
        assertThat(gaps)
                .allMatch(gap -> gap <= 90_000)
                .anyMatch(gap -> gap < 2_000)
                .anyMatch(gap -> gap >= 2_000 && gap < 5_000)
                .anyMatch(gap -> gap >= 5_000 && gap < 10_000)
                .anyMatch(gap -> gap >= 10_000 && gap < 20_000)
                .anyMatch(gap -> gap >= 20_000 && gap < 60_000)
                .anyMatch(gap -> gap >= 60_000);
    }

    private static History history(Tempo tempo, long seed) {
        return HistoryGenerator.generate(tempo, Choices.seeded(seed), "conversation-" + seed, 0);
    }

    /** How long nobody was there between two agents of a handover, where no queue or flow had it meanwhile. */
    private static List<Long> gaps(Tempo tempo) {
        List<Long> gaps = new ArrayList<>();
        for (int seed = 0; seed < HISTORIES; seed++) {
            int open = 0;
            GenesysEvent left = null;
            for (GenesysEvent event : history(tempo, seed).events()) {
                if (left != null && event.kind() == Kind.USER_START && event.handover() == left.handover()) {
                    gaps.add(event.time() - left.time());
                }
                open += switch (event.kind()) {
                    case USER_START, ACD_START, FLOW_START -> 1;
                    case USER_END, ACD_END, FLOW_END -> -1;
                    case CUSTOMER_START, CUSTOMER_END, ACW -> 0;
                };
                if (event.kind() != Kind.ACW) {
                    left = event.kind() == Kind.USER_END && open == 0 ? event : null;
                }
            }
        }
        return gaps;
    }
}
