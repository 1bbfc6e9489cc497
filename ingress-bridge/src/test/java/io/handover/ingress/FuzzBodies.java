package io.handover.ingress;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Valid and invalid bodies. Each character is one byte (ISO 8859-1). */
final class FuzzBodies {

    /** The limit of the bridge: enough for the deepest nesting here, and small enough to be fast. */
    static final int MAX_BYTES = 128 * 1024;

    private static final int A_LITTLE = 5_000;
    private static final int DEEPEST = 100_000;
    private static final int MOST_EDITS = 4;
    private static final int MOST_MEMBERS = 12;

    private static final Pattern MEMBER = Pattern.compile("(\"[\\w-]+\"\\s*:\\s*)(\"[^\"]*\"|\\d+)");

    private static final List<String> STORED = List.of(
            text(Deliveries.customerEnd()), text(Deliveries.dataAction()), text(Deliveries.ofTopic("user.end")));

    private static final List<String> READABLE = List.of(
            text(Deliveries.customerEnd()),
            text(Deliveries.dataAction()),
            text(Deliveries.presence()),
            text(Deliveries.ofTopic("attributes")),
            text(Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs")),
            text(Deliveries.withBody(Deliveries.mediaType("VOICE"))),
            text(Deliveries.withoutConversation()));

    /** Replacements of a JSON value; some are not valid JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "-1",
            "01",
            "+1",
            ".5",
            "5.",
            "1e400",
            "1E+2147483647",
            "1e-999999999",
            "NaN",
            "9".repeat(1_000),
            "9".repeat(1_001),
            "-9223372036854775809",
            "0." + "1".repeat(2_000),
            "[]",
            "{}",
            "[[{}]]",
            nested(60),
            nested(64),
            nested(65),
            nested(5_000),
            "[0," + nested(900) + "]",
            "",
            "'x'",
            "/**/1",
            "\"\"",
            "\" \"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"\0\"",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u00\"",
            "\"\u00ff\u00fe\"",
            "\"\u00c0\u0080\"",
            "\"\u00ed\u00a0\u0080\"",
            "\"\u00f4\u0090\u0080\u0080\"",
            "\"\u00e2\u0082\"",
            quoted(256),
            quoted(257),
            quoted(70_000),
            "\"OPEN\"",
            "\"VOICE\"",
            "\"aws.partner/genesys.com/\"",
            "\"aws.partner/genesys.com/cloud/x/my-organization\"",
            "\"v2.detail.events.conversation..customer.end\"",
            "\"v2.detail.events.conversation.{id}.\"",
            "\"v2.detail.events.conversation.\u00c3\u00a9\\ud83d.customer.end\"",
            "\"9999-12-31T23:59:59.999999999+18:00\"",
            "\"+999999999-12-31T23:59:59-18:00\"",
            "\"-999999999-01-01T00:00:00+18:00\"",
            "253402300800000",
            "9223372036854775807",
            "1767323045000.5");

    private FuzzBodies() {}

    /** Bodies that are stored if they are complete, up to the maximum size. */
    static Arbitrary<String> stored() {
        return Combinators.combine(
                        Arbitraries.of(STORED),
                        Arbitraries.frequency(Tuple.of(20, 0), Tuple.of(3, 5_000), Tuple.of(1, MAX_BYTES)))
                .as((body, length) -> body + " ".repeat(Math.max(0, length - body.length())));
    }

    static Arbitrary<String> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, stored()),
                Tuple.of(2, Arbitraries.of(READABLE)),
                Tuple.of(8, withOtherMembers()),
                Tuple.of(6, damaged()),
                Tuple.of(2, inOtherEncodings()),
                Tuple.of(3, json()),
                Tuple.of(2, FuzzEdit.bytes(300)),
                Tuple.of(1, huge()));
    }

    /** Bodies whose members have another value or name, or occur twice. */
    private static Arbitrary<String> withOtherMembers() {
        return Combinators.combine(
                        Arbitraries.of(READABLE),
                        Combinators.combine(
                                        Arbitraries.integers().between(0, MOST_MEMBERS),
                                        Arbitraries.of(VALUES),
                                        Arbitraries.of(
                                                "$1%s",
                                                "$1%s,$1$2", "$1$2,$1%s", "\"x\":%s", "$1[%s,$2]", "$1{$0,$1%s}"))
                                .as((member, value, form) -> Tuple.of(member, form.formatted(quote(value))))
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(MOST_EDITS))
                .as((body, edits) -> {
                    String edited = body;
                    for (var edit : edits) {
                        edited = replaceMember(edited, edit.get1(), edit.get2());
                    }
                    return edited;
                });
    }

    private static String replaceMember(String body, int index, String replacement) {
        List<MatchResult> members = MEMBER.matcher(body).results().toList();
        if (members.isEmpty()) {
            return body;
        }
        MatchResult member = members.get(index % members.size());
        return body.substring(0, member.start())
                + MEMBER.matcher(member.group()).replaceFirst(replacement)
                + body.substring(member.end());
    }

    private static String quote(String value) {
        return value.replace("\\", "\\\\").replace("$", "\\$");
    }

    private static Arbitrary<String> damaged() {
        return Combinators.combine(Arbitraries.of(READABLE), FuzzEdit.upTo(MOST_EDITS), Arbitraries.of(READABLE))
                .as((body, edits, other) -> {
                    String edited = FuzzEdit.apply(edits, body);
                    // Every second one continues with the end of another body.
                    return edits.size() % 2 == 0
                            ? edited
                            : edited.substring(0, edited.length() / 2) + other.substring(other.length() / 2);
                });
    }

    private static Arbitrary<String> inOtherEncodings() {
        Arbitrary<String> body = Arbitraries.of(READABLE);
        return Arbitraries.oneOf(
                Combinators.combine(
                                body, Arbitraries.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "IBM1047"))
                        .as((text, name) -> text(text.getBytes(Charset.forName(name)))),
                Combinators.combine(
                                body,
                                Arbitraries.of("\u00ef\u00bb\u00bf", "\u00fe\u00ff", "\0", "\0\0\0", "{", "\n", "//"))
                        .as((text, start) -> start + text),
                Combinators.combine(body, Arbitraries.of("\0", "x", "}", ",", "{}", "\u00ff", "\n\n"))
                        .as((text, end) -> text + end));
    }

    private static Arbitrary<String> json() {
        Arbitrary<String> name = Arbitraries.of(
                "id",
                "detail",
                "detail-type",
                "source",
                "topicName",
                "eventBody",
                "topic",
                "userId",
                "conversationId",
                "mediaType",
                "eventTime",
                "time",
                "");
        Arbitrary<String> leaf =
                Arbitraries.oneOf(Arbitraries.of(VALUES), FuzzEdit.bytes(10).map(text -> '"' + text + '"'));
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(elements -> "[" + String.join(",", elements) + "]"),
                        Combinators.combine(name, inner)
                                .as((key, value) -> '"' + key + "\":" + value)
                                .list()
                                .ofMaxSize(MOST_EDITS)
                                .map(members -> "{" + String.join(",", members) + "}")),
                0,
                3);
    }

    /** Bodies near the maximum size or the maximum nesting. */
    private static Arbitrary<String> huge() {
        String body = text(Deliveries.customerEnd());
        return Arbitraries.oneOf(
                Arbitraries.integers()
                        .between(MAX_BYTES - 2, MAX_BYTES + A_LITTLE)
                        .map(length -> body + " ".repeat(length - body.length())),
                Arbitraries.integers().between(1, MAX_BYTES + A_LITTLE).map("x"::repeat),
                Arbitraries.of(
                        "[".repeat(DEEPEST), "{\"detail\":".repeat(DEEPEST / 10), "{\"a\":[".repeat(DEEPEST / 6)),
                Arbitraries.of(1_000, DEEPEST).map(depth -> "{\"detail\":{\"eventBody\":" + "[".repeat(depth)));
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String quoted(int length) {
        return '"' + "x".repeat(length) + '"';
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
