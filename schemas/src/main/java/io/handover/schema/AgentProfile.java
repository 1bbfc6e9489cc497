package io.handover.schema;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name and picture of an agent, from the agent directory. Name and picture come from outside and are shown to
 * customers, so they are cleaned: see {@link #cleanName} and {@link #usableImageUrl}.
 *
 * @param conversationId the conversation that the agent serves, or null for a profile that serves no conversation and
 *     makes the application forget the agent
 * @param agentId the Genesys user id of the agent
 * @param name the name to show to the customer, or null if the directory does not know the agent
 * @param imageUrl the address of the picture to show, or null if the agent has no picture
 */
public record AgentProfile(
        @Nullable String conversationId,
        String agentId,
        @Nullable String name,
        @Nullable String imageUrl) implements HandoverRecord {

    /** The maximum length of a name in code points. A longer name is cut. */
    public static final int NAME_MAX_LENGTH = 100;

    /** The maximum length of the address of a picture in characters. A longer one is dropped. */
    public static final int IMAGE_URL_MAX_LENGTH = 2_048;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public AgentProfile {
        Objects.requireNonNull(agentId, "agentId");
        name = cleanName(name);
        imageUrl = name == null ? null : usableImageUrl(imageUrl);
    }

    /**
     * A name without control characters, without characters that change the direction of text, and with single spaces.
     *
     * @return the name, at most {@value #NAME_MAX_LENGTH} code points long; null if nothing remains
     */
    public static @Nullable String cleanName(@Nullable String name) {
        if (name == null) {
            return null;
        }
        StringBuilder clean = new StringBuilder();
        int length = 0;
        boolean isAfterSpace = true;
        for (int i = 0; i < name.length() && length < NAME_MAX_LENGTH; i += Character.charCount(name.codePointAt(i))) {
            int character = name.codePointAt(i);
            boolean isSpace = Character.isWhitespace(character) || Character.isSpaceChar(character);
            if (isSpace ? isAfterSpace : !isShown(character)) {
                continue;
            }
            clean.appendCodePoint(isSpace ? ' ' : character);
            length++;
            isAfterSpace = isSpace;
        }
        String stripped = clean.toString().strip();
        return stripped.isEmpty() ? null : stripped;
    }

    private static boolean isShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /**
     * The address of a picture if it can be given to a customer's browser: {@code https}, or {@code http} on this
     * machine, which browsers trust as much. No user name, and at most {@value #IMAGE_URL_MAX_LENGTH} characters.
     *
     * @return the same address, or null if it is not usable
     * @see <a href="https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy">Secure Contexts, 3.1</a>
     */
    public static @Nullable String usableImageUrl(@Nullable String url) {
        if (url == null || url.length() > IMAGE_URL_MAX_LENGTH) {
            return null;
        }
        try {
            URI uri = new URI(url);
            String host = uri.getHost();
            boolean isTrusted = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && host != null && LOOPBACK.contains(host));
            return isTrusted
                            && host != null
                            && uri.getUserInfo() == null
                            && url.chars().allMatch(c -> c < 0x7f)
                    ? url
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
