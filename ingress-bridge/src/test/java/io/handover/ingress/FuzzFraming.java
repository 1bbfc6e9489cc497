package io.handover.ingress;

import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Bodies with a wrong length, two lengths, or invalid chunks. */
final class FuzzFraming {

    private static final int LONG = 10_000;

    private static final List<String> LENGTHS = List.of(
            "-1",
            "+5",
            "0x10",
            "1e3",
            "",
            " ",
            "abc",
            "5, 5",
            "5, 6",
            "0",
            "1",
            "007",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(100),
            "\u00b2",
            "5\u0000",
            "131073");

    private static final List<String> CODINGS = List.of(
            "chunked",
            "CHUNKED",
            "\tchunked ",
            "chunked, chunked",
            "gzip, chunked",
            "chunked, gzip",
            "identity",
            "chunked;q=1",
            "xchunked",
            "chunked\u0000",
            "",
            ",",
            "trailers");

    /** Text instead of chunks or between them. */
    private static final List<String> CHUNKS = List.of(
            "0\r\n\r\n",
            "5\r\nabcde\r\n0\r\n\r\n",
            "5\r\nabcdef\r\n0\r\n\r\n",
            "5\r\nabc",
            "5\nabcde\n0\n\n",
            "-1\r\n",
            "zz\r\n",
            "\r\n",
            "",
            "ffffffffffffffff\r\n",
            "80000000\r\n",
            "7fffffff\r\nabc",
            "20001\r\nabc",
            "1g\r\na",
            " 5 \r\nabcde\r\n0\r\n\r\n",
            "0x5\r\nabcde\r\n0\r\n\r\n",
            "5;" + "x".repeat(LONG) + "\r\nabcde\r\n0\r\n\r\n",
            "5;a=\"b\r\nabcde\r\n0\r\n\r\n",
            "0\r\nAuthorization: " + BridgeFixture.KEY + "\r\n\r\n",
            "0\r\nContent-Length: 5\r\n\r\n",
            "0\r\nno colon\r\n\r\n",
            "0\r\nX: " + "y".repeat(LONG) + "\r\n\r\n",
            "0".repeat(LONG) + "\r\n\r\n",
            "5\r\nabcde0\r\n\r\n",
            "1\r\na\r\n".repeat(LONG) + "0\r\n\r\n");

    private FuzzFraming() {}

    static Arbitrary<UnaryOperator<FuzzRequest>> any() {
        return Arbitraries.oneOf(
                lengths(),
                Arbitraries.of(CODINGS).map(coding -> request -> request.with("Transfer-Encoding: " + coding)),
                chunks());
    }

    private static Arbitrary<UnaryOperator<FuzzRequest>> lengths() {
        return Arbitraries.oneOf(
                Arbitraries.of(LENGTHS).map(length -> request -> request.with("Content-Length: " + length)),
                Arbitraries.of(LENGTHS)
                        .map(length ->
                                request -> request.without("Content-Length").with("Content-Length: " + length)),
                Arbitraries.of(-2, -1, 0, 1, 2, 500)
                        .map(more -> request -> request.without("Content-Length")
                                .with("Content-Length: " + (request.payload().length() + more))),
                Arbitraries.just(request -> request.without("Content-Length")));
    }

    private static Arbitrary<UnaryOperator<FuzzRequest>> chunks() {
        return Combinators.combine(
                        Arbitraries.of(CHUNKS), Arbitraries.of(CODINGS.subList(0, 3)), Arbitraries.of(true, false))
                .as((chunks, coding, alone) -> request -> (alone ? request.without("Content-Length") : request)
                        .with("Transfer-Encoding: " + coding)
                        .withPayload(payload -> payload.length() % 2 == 0
                                ? chunks
                                : Integer.toHexString(payload.length()) + "\r\n" + payload + "\r\n" + chunks));
    }
}
