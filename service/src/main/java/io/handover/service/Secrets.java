package io.handover.service;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * The secrets that a process shares with a sender. There is one secret, or two during a rotation. The secrets can be
 * replaced at any time.
 */
public final class Secrets {

    private static final int MAX_SECRETS = 2;

    private volatile List<byte[]> all;

    /** @param all one or two secrets */
    public Secrets(List<byte[]> all) {
        this.all = List.copyOf(all);
    }

    public List<byte[]> all() {
        return all;
    }

    public void replaceWith(List<byte[]> others) {
        all = List.copyOf(others);
    }

    /**
     * Returns the position of the secret that equals the given bytes, or -1. The given bytes are always compared with all
     * secrets, and the duration of a comparison depends only on their length, so it reveals nothing about the secrets.
     */
    public int match(byte[] given) {
        List<byte[]> current = all;
        int matched = -1;
        for (int i = 0; i < current.size(); i++) {
            matched = MessageDigest.isEqual(given, current.get(i)) ? i : matched;
        }
        return matched;
    }

    /** Reloads the secrets from a file with one per line, until Vert.x is closed. */
    public void watch(Vertx vertx, Path file) {
        WatchedFiles.watch(vertx, List.of(file), contents -> replaceWith(parse(contents.get(0))));
    }

    /**
     * Parses the content of a file with one secret per line. Spaces around a secret are removed.
     *
     * @throws SettingsException if the file contains no secret, more than two, or a secret with characters that an HTTP
     *     header cannot contain. The message shows no secret
     */
    public static List<byte[]> parse(byte[] content) {
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
    public static boolean isVisibleAscii(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Returns the bytes of the text as an HTTP header contains them. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
