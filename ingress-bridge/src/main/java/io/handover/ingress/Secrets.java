package io.handover.ingress;

import io.handover.service.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The secrets that the bridge shares with the sender. There is one secret, or two during a rotation. The secrets can be
 * replaced at any time.
 */
final class Secrets {

    private static final int MAX_SECRETS = 2;

    private volatile List<byte[]> all;

    /** @param all one or two secrets */
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
     * Parses the content of a file with one secret per line. Spaces around a secret are removed.
     *
     * @throws SettingsException if the file contains no secret, more than two, or a secret with characters that an HTTP
     *     header cannot contain. The message shows no secret
     */
    static List<byte[]> parse(byte[] content) {
        List<String> lines = new String(content, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty() || lines.size() > MAX_SECRETS) {
            throw new SettingsException(
                    "it must contain one secret, or two during a rotation, one per line, but contains " + lines.size());
        }
        if (!lines.stream().allMatch(Secrets::isVisibleAscii)) {
            throw new SettingsException("a secret in it has characters other than visible ASCII");
        }
        return lines.stream().map(Secrets::bytes).toList();
    }

    /** Whether the text can be a secret. Other characters may be changed on the way through an HTTP header. */
    static boolean isVisibleAscii(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Returns the bytes of the text as an HTTP header contains them. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
