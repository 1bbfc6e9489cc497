package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Command ANNA = command(1, Command.UPDATED, "anna", 0);
    private static final Command END = command(1, Command.ENDED, "after-call-work", 72);

    @Test
    void shouldBeCleanIfNothingDiffers() {
        assertThat(Comparison.of(List.of(ANNA, END), List.of(ANNA, END)).isClean())
                .isTrue();
    }

    @Test
    void shouldFindALostCommand() {
        Comparison comparison = Comparison.of(List.of(ANNA, END), List.of(ANNA));
        assertThat(comparison.lost()).containsExactly(END);
        assertThat(comparison.isClean()).isFalse();
    }

    @Test
    void shouldFindDuplicatedCommands() {
        Comparison comparison = Comparison.of(List.of(ANNA, END), List.of(ANNA, END, END, ANNA));
        assertThat(comparison.duplicated()).containsExactly(END, ANNA);
        assertThat(comparison.lost()).isEmpty();
        assertThat(comparison.isClean()).isFalse();
    }

    @Test
    void shouldFindThatAnotherEndOfTheSameCycleIsDuplicated() {
        Command again = command(1, Command.ENDED, "customer-end", 80);
        assertThat(Comparison.of(List.of(END), List.of(END, again)).duplicated())
                .containsExactly(again);
    }

    @Test
    void shouldFindEarlyAndLateCommands() {
        Command early = command(1, Command.ENDED, "after-call-work", 71);
        Command late = command(1, Command.ENDED, "after-call-work", 73);
        assertThat(Comparison.of(List.of(END), List.of(early)).early()).containsExactly(early);
        assertThat(Comparison.of(List.of(END), List.of(late)).late()).containsExactly(late);
        assertThat(Comparison.of(List.of(END), List.of(early)).lost()).isEmpty();
        assertThat(Comparison.of(List.of(END), List.of(late)).isClean()).isFalse();
    }

    @Test
    void shouldFindUnexpectedCommands() {
        Command other = command(2, Command.ENDED, "customer-end", 80);
        Command otherReason = command(1, Command.ENDED, "agent-left", 72);
        assertThat(Comparison.of(List.of(END), List.of(END, other)).unexpected())
                .containsExactly(other);
        Comparison comparison = Comparison.of(List.of(END), List.of(otherReason));
        assertThat(comparison.unexpected()).containsExactly(otherReason);
        assertThat(comparison.lost()).containsExactly(END);
    }

    @Test
    void shouldFindAWrongNameAndAMissingName() {
        Command named = named("Anna", false);
        Command byProfile = named("Anna", true);
        Comparison wrong = Comparison.of(List.of(ANNA, byProfile), List.of(ANNA, named("Ben", true)));
        assertThat(wrong.unexpected()).containsExactly(named("Ben", true));
        assertThat(wrong.lost()).containsExactly(byProfile);
        Comparison missing = Comparison.of(List.of(named), List.of(ANNA));
        assertThat(missing.unexpected()).containsExactly(ANNA);
        assertThat(missing.lost()).containsExactly(named);
        Comparison twice = Comparison.of(List.of(ANNA, byProfile), List.of(ANNA, byProfile, byProfile));
        assertThat(twice.duplicated()).containsExactly(byProfile);
    }

    private static Command named(String name, boolean byProfile) {
        return new Command(
                "", 1, Command.UPDATED, "anna", new Command.Shown(name, null, byProfile), 70, 0, List.of("acw@70"));
    }

    private static Command command(int cycle, String type, String what, long decidedAt) {
        return new Command("", cycle, type, what, 70, decidedAt, List.of("acw@70"));
    }
}
