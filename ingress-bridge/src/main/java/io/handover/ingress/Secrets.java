package io.handover.ingress;

import io.handover.service.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the sender and the bridge both know: one secret, and a second one during a rotation. Exchanged at any time. */
final class Secrets {

    private static final int MOST = 2;

    private volatile List<byte[]> all;

    /** @param all one or two */
    Secrets(List<byte[]> all) {
        this.all = List.copyOf(all);
    }

    List<byte[]> all() {
        return all;
    }

    void replaceWith(List<byte[]> others) {
        all = List.copyOf(others);
    }

    /**
     * Reads the content of a file: a secret a line, without the blanks around it.
     *
     * @throws SettingsException if it holds none, more than two, or one that no header can carry; it names neither
     */
    static List<byte[]> parse(byte[] content) {
        List<String> lines = new String(content, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty() || lines.size() > MOST) {
            throw new SettingsException(
                    "it must hold one secret, or two during a rotation, each on a line, but holds " + lines.size());
        }
        if (!lines.stream().allMatch(Secrets::isVisibleAscii)) {
            throw new SettingsException("a secret in it has other characters than visible ASCII");
        }
        return lines.stream().map(Secrets::bytes).toList();
    }

    /** HTTP carries nothing else in a header unharmed. */
    static boolean isVisibleAscii(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** As HTTP carries it. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
