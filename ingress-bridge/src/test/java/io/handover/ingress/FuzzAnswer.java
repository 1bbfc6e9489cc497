package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of the bridge as received.
 *
 * @param version the HTTP version of the request, if it could be parsed
 * @param headers all lines, in lower case
 * @param body empty for a request whose answer has no body
 */
record FuzzAnswer(String version, int status, String headers, String body) {

    static final int CONTINUE = 100;

    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int SERVICE_UNAVAILABLE = 503;

    /** The contract, written a second time, without the outcomes that the trials cannot cause. */
    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("stored", 200),
            Map.entry("unwanted-media", 200),
            Map.entry("unwanted-topic", 200),
            Map.entry("unauthorized", 401),
            Map.entry("unauthorized-eventbridge", SERVICE_UNAVAILABLE),
            Map.entry("other-organization", 403),
            Map.entry("unreadable", 400),
            Map.entry("no-key", 400),
            Map.entry("too-large", 413),
            Map.entry("compressed", 415),
            Map.entry("unknown-path", 404),
            Map.entry("wrong-method", METHOD_NOT_ALLOWED),
            Map.entry("malformed", 400),
            Map.entry("line-too-long", 414),
            Map.entry("headers-too-large", 431));

    /** The statuses that HEAD may get. */
    private static final Set<Integer> WITHOUT_BODY = Set.of(404, METHOD_NOT_ALLOWED, 400, 414, 431);

    private static final Set<Integer> MALFORMED = Set.of(400, 414, 431);

    private static final Pattern HEAD = Pattern.compile("\\G([^\r\n]*?) (\\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n");
    private static final Pattern BODY = Pattern.compile("\\{\"outcome\":\"([a-z-]+)\"}");
    private static final Pattern LENGTH = Pattern.compile("(?m)^content-length: (\\d+)$");

    /**
     * Parses everything that was received over one connection.
     *
     * @param whole whether the last answer must be complete
     */
    static List<FuzzAnswer> read(String wire, boolean whole) {
        List<FuzzAnswer> answers = new ArrayList<>();
        Matcher head = HEAD.matcher(wire);
        int from = 0;
        while (from < wire.length() && head.find(from)) {
            String headers = head.group(3).toLowerCase(Locale.ROOT);
            int end = endOfBody(wire, head.end(), headers);
            if (end > wire.length()) {
                break;
            }
            answers.add(new FuzzAnswer(
                    head.group(1), Integer.parseInt(head.group(2)), headers, wire.substring(head.end(), end)));
            from = end;
        }
        if (whole) {
            assertThat(wire.substring(from))
                    .as("the rest after the last answer")
                    .isEmpty();
        }
        return answers;
    }

    /** The answer to HEAD has a Content-Length too. */
    private static int endOfBody(String wire, int start, String headers) {
        Matcher length = LENGTH.matcher(headers);
        return length.find() && wire.startsWith("{", start) ? start + Integer.parseInt(length.group(1)) : start;
    }

    boolean isFinal() {
        return status != CONTINUE;
    }

    /** The outcome in the body; empty without a body. */
    String outcome() {
        Matcher matcher = BODY.matcher(body);
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** Checks the answer against the contract. */
    void check(FuzzInput input) {
        if (status == CONTINUE) {
            return;
        }
        if (status == NOT_IMPLEMENTED && !input.isSound()) {
            // Vert.x itself answers so to another HTTP version, and the endpoint does not see the request.
            assertThat(body).isEmpty();
            return;
        }
        if (body.isEmpty() && input.text().contains("HEAD ")) {
            assertThat(status).as("the status of an answer without a body").isIn(WITHOUT_BODY);
        } else {
            assertThat(STATUSES).containsEntry(outcome(), status);
            assertThat(headers).contains("content-type: application/json\r\n");
        }
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            assertThat(status).as("the status of an answer in " + version).isIn(MALFORMED);
        }
        assertThat(headers.contains("retry-after: 1\r\n")).as("Retry-After").isEqualTo(status == SERVICE_UNAVAILABLE);
        assertThat(headers.contains("allow: post\r\n")).as("Allow").isEqualTo(status == METHOD_NOT_ALLOWED);
    }
}
