package io.handover.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes over one connection, as bytes: one character of ISO 8859-1 each.
 *
 * @param bodies what the requests mean, if the bridge reads them as they were meant
 * @param answers how many come back; 0 if nobody knows
 * @param cuts where one write ends and the next begins, in thousandths of the length
 */
record FuzzInput(String text, List<String> bodies, int answers, List<Integer> cuts) {

    /** Shows that the bridge has answered all before it, and lets it close the connection; it needs no key. */
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static final int THOUSAND = 1_000;
    private static final int MOST_PRINTED = 6_000;
    private static final Pattern RUN = Pattern.compile("(.{1,12}?)\\1{20,}", Pattern.DOTALL);

    /** Requests that are answered each, because nothing is wrong with their HTTP. */
    static FuzzInput sound(List<FuzzRequest> requests, List<Integer> cuts) {
        return new FuzzInput(text(requests), bodies(requests), requests.size() + 1, cuts);
    }

    /** Requests that may be anything, after some accidents. */
    static FuzzInput unsound(List<FuzzRequest> requests, List<FuzzEdit> edits, List<Integer> cuts) {
        return new FuzzInput(FuzzEdit.apply(edits, text(requests)), bodies(requests), 0, cuts);
    }

    /** Bytes that mean nothing. */
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

    /** Whether the bridge may have read this as a body: it was meant, or it stands there, if need be in chunks. */
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

    /** To be read by people: what is no visible ASCII is escaped, what comes again and again is counted. */
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
