package io.handover.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {

    @Test
    void shouldReplaceWhatATerminalObeys() {
        // When / Then
        assertThat(PrintableText.of("a\u001B[2Jb\tc\nd\u202Ee\u2028f\u2029g\uDB40\uDC01h"))
                .isEqualTo("a?[2Jb?c?d?e?f?g?h");
        assertThat(PrintableText.of("Zürich, 東京, 😀")).isEqualTo("Zürich, 東京, 😀");
    }

    @Test
    void shouldBreakLinesAtSpacesAndKeepALongWordWhole() {
        // When / Then
        assertThat(PrintableText.lines("one two\u001B[2J three", 10)).containsExactly("one", "two?[2J", "three");
        assertThat(PrintableText.lines("a bcdefghijkl m", 5)).containsExactly("a", "bcdefghijkl", "m");
        assertThat(PrintableText.lines("one two  three", 8)).containsExactly("one two", "three");
        assertThat(PrintableText.lines("", 5)).containsExactly("");
    }
}
