package io.handover.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The input of one connection. Each character is one byte (ISO 8859-1).
 *
 * @param bodies the bodies of the requests as intended
 * @param answers the number of expected answers; 0 if unknown
 * @param cuts the ends of writes in thousandths of the length
 */
record FuzzInput(String text, List<String> bodies, int answers, List<Integer> cuts) {

    /**
     * The last request, which needs no key. Its answer shows that all requests before are answered, and it closes the
     * connection.
     */
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static final int THOUSAND = 1_000;
    private static final int MOST_PRINTED = 6_000;
    private static final Pattern RUN = Pattern.compile("(.{1,12}?)\\1{20,}", Pattern.DOTALL);

    /** Requests with valid HTTP, each of which is answered. */
    static FuzzInput sound(List<FuzzRequest> requests, List<Integer> cuts) {
        return new FuzzInput(text(requests), bodies(requests), requests.size() + 1, cuts);
    }

    /** Requests that may be invalid, with random changes. */
    static FuzzInput unsound(List<FuzzRequest> requests, List<FuzzEdit> edits, List<Integer> cuts) {
        return new FuzzInput(FuzzEdit.apply(edits, text(requests)), bodies(requests), 0, cuts);
    }

    /** Arbitrary bytes. */
    static FuzzInput of(String bytes) {
        return new FuzzInput(bytes + LAST, List.of(), 0, List.of());
    }

    private static String text(List<FuzzRequest> requests) {
        return requests.stream().map(FuzzRequest::text).collect(Collectors.joining()) + LAST;
    }

    private static List<String> bodies(List<FuzzRequest> requests) {
        return requests.stream().map(FuzzRequest::body).toList();
    }

    boolean isSound() {
        return answers > 0;
    }

    /**
     * Whether the bridge may have read this body: it is an intended body, or its bytes occur in the input, perhaps in
     * chunks.
     */
    boolean mayContain(String body) {
        if (bodies.contains(body)) {
            return true;
        }
        boolean inChunks = text.toLowerCase(Locale.ROOT).contains("chunked");
        return !isSound() && (text.contains(body) || (inChunks && isScattered(body)));
    }

    private boolean isScattered(String body) {
        int at = 0;
        for (int i = 0; i < body.length(); i++) {
            at = text.indexOf(body.charAt(i), at) + 1;
            if (at == 0) {
                return false;
            }
        }
        return true;
    }

    List<String> writes() {
        List<Integer> ends = Stream.concat(cuts.stream().sorted(), Stream.of(THOUSAND))
                .map(cut -> (int) ((long) cut * text.length() / THOUSAND))
                .toList();
        List<String> writes = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            writes.add(text.substring(from, end));
            from = end;
        }
        return writes;
    }

    /** Readable text: invisible characters are escaped, and repetitions are counted. */
    @Override
    public String toString() {
        StringBuilder printed = new StringBuilder();
        Matcher run = RUN.matcher(text);
        int from = 0;
        while (run.find()) {
            printed.append(escaped(text.substring(from, run.start())))
                    .append("<<")
                    .append(escaped(run.group(1)))
                    .append(" x ")
                    .append(run.group().length() / run.group(1).length())
                    .append(">>");
            from = run.end();
        }
        printed.append(escaped(text.substring(from)));
        if (printed.length() > MOST_PRINTED) {
            printed.setLength(MOST_PRINTED);
            printed.append("...");
        }
        return "cuts at " + cuts + "\n" + printed;
    }

    private static String escaped(String bytes) {
        return bytes.chars()
                .mapToObj(c -> (c >= ' ' && c <= '~') || c == '\n'
                        ? String.valueOf((char) c)
                        : c == '\r' ? "\\r" : "\\x%02x".formatted(c))
                .collect(Collectors.joining());
    }
}
