package io.handover.streams;

import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request.
 *
 * @param id the id of the conversation or of the agent in the path; empty if the path has none
 */
record Route(Resource resource, String id, String path) {

    private static final String CONVERSATIONS = "/conversations/";
    private static final String AGENTS = "/agents/";
    private static final String END = "/end";
    private static final String RELEASE = "/release";
    private static final String FORGET = "/forget";
    private static final int ID_MAX_LENGTH = 256;

    /** What can be asked for or ordered. */
    enum Resource {
        CONVERSATION,
        HELD,
        OPEN,
        COUNTS,
        INSTANCES,
        TOPOLOGY,
        CHANGES,
        END,
        RELEASE,
        FORGET;

        boolean isOrder() {
            return this == END || this == RELEASE || this == FORGET;
        }

        HttpMethod method() {
            return isOrder() ? HttpMethod.POST : HttpMethod.GET;
        }
    }

    /** @throws RequestException if there is no such path, or the id in it cannot be one */
    static Route of(@Nullable String path) {
        if (path == null) {
            throw unknown();
        }
        return switch (path) {
            case "/handovers/held" -> new Route(Resource.HELD, "", path);
            case "/handovers/open" -> new Route(Resource.OPEN, "", path);
            case "/handovers/counts" -> new Route(Resource.COUNTS, "", path);
            case "/instances" -> new Route(Resource.INSTANCES, "", path);
            case "/topology" -> new Route(Resource.TOPOLOGY, "", path);
            case "/changes" -> new Route(Resource.CHANGES, "", path);
            default -> ofId(path);
        };
    }

    private static Route ofId(String path) {
        if (path.startsWith(AGENTS) && path.endsWith(FORGET)) {
            return route(Resource.FORGET, path, AGENTS, FORGET);
        }
        if (!path.startsWith(CONVERSATIONS)) {
            throw unknown();
        }
        if (path.endsWith(END)) {
            return route(Resource.END, path, CONVERSATIONS, END);
        }
        if (path.endsWith(RELEASE)) {
            return route(Resource.RELEASE, path, CONVERSATIONS, RELEASE);
        }
        return route(Resource.CONVERSATION, path, CONVERSATIONS, "");
    }

    private static Route route(Resource resource, String path, String prefix, String suffix) {
        int end = path.length() - suffix.length();
        if (end <= prefix.length() || path.indexOf('/', prefix.length()) != (suffix.isEmpty() ? -1 : end)) {
            throw unknown();
        }
        return new Route(resource, decoded(path.substring(prefix.length(), end)), path);
    }

    private static String decoded(String encoded) {
        String id;
        try {
            // In a path, a plus is no space.
            id = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            id = "";
        }
        if (id.isBlank() || id.length() > ID_MAX_LENGTH || id.chars().anyMatch(Character::isISOControl)) {
            throw new RequestException(
                    RequestException.BAD_REQUEST,
                    "The id in the path must have 1 to " + ID_MAX_LENGTH
                            + " characters, without control characters, and be percent-encoded.");
        }
        return id;
    }

    /** The path of a conversation. */
    static String conversationPath(String id) {
        return CONVERSATIONS + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static RequestException unknown() {
        return new RequestException(
                RequestException.NOT_FOUND, "There is no such path: " + ManagementApi.DOCUMENT + " lists all paths.");
    }
}
