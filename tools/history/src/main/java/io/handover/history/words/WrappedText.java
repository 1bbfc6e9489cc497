package io.handover.history.words;

import io.handover.terminal.PrintableText;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Collects lines of a text for a terminal. Long lines are wrapped. Text from outside is made printable. */
public final class WrappedText {

    /** The maximum length of a line. */
    public static final int WIDTH = 118;

    private static final int LABEL_WIDTH = 14;

    private final Ansi ansi;
    private final StringBuilder text = new StringBuilder();

    public WrappedText(Ansi ansi) {
        this.ansi = ansi;
    }

    /** Adds a value with a label before it. */
    public void labelled(String label, String value) {
        wrapped(label + " ".repeat(LABEL_WIDTH - label.length()), value);
    }

    /** Adds several values with one label. */
    public void labelled(String label, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            labelled(i == 0 ? label : "", values.get(i));
        }
    }

    /** Adds a sentence after a start. Further lines begin below the sentence. */
    public void wrapped(String start, String sentence, IStyle... styles) {
        String before = start;
        for (String line : PrintableText.lines(sentence, WIDTH - start.length())) {
            line(before + styled(line, styles));
            before = " ".repeat(start.length());
        }
    }

    /** Adds a line in bold. */
    public void heading(String line) {
        line(styled(line, Style.bold));
    }

    /** Adds a line as it is. */
    public void line(String line) {
        text.append(line).append('\n');
    }

    private String styled(String plain, IStyle... styles) {
        return ansi.enabled() && styles.length > 0 ? Style.on(styles) + plain + Style.off(styles) : plain;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
