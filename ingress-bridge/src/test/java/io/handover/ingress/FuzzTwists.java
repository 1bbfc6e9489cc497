package io.handover.ingress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Changes that make a valid request invalid or at least unusual. */
final class FuzzTwists {

    private static final int LONG = 10_000;
    private static final int VERY_LONG = 100 * 1024;
    private static final String AUTHORIZATION = "Authorization";

    private static final List<String> WRONG_KEYS = List.of(
            "wrong-key",
            "",
            "Bearer current-key",
            "current-key2",
            "current-ke",
            "urrent-key",
            "CURRENT-KEY",
            "current-key,current-key",
            "current-key\u0000",
            "current-key\u00ff",
            "\"current-key\"",
            "\u00ff",
            "a".repeat(LONG / 2));

    private static final List<String> METHODS = List.of(
            "GET",
            "HEAD",
            "PUT",
            "DELETE",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "PATCH",
            "PRI",
            "post",
            "POSTX",
            "",
            " POST",
            "P\u0000ST",
            "P\u00f6ST",
            "P/ST",
            "POST\t",
            "M".repeat(LONG));

    private static final List<String> TARGETS = List.of(
            "/",
            "*",
            "",
            " ",
            "http://localhost" + DeliveryEndpoint.PATH,
            "HTTP://a:b@c:99999" + DeliveryEndpoint.PATH,
            "localhost:80",
            "http://",
            "http:///",
            "http://[",
            "http://[::1" + DeliveryEndpoint.PATH,
            "://",
            "//",
            "/" + DeliveryEndpoint.PATH,
            DeliveryEndpoint.PATH + "/",
            DeliveryEndpoint.PATH + "?a=b&c",
            DeliveryEndpoint.PATH + "#f",
            DeliveryEndpoint.PATH + ";x=1",
            DeliveryEndpoint.PATH + "%00",
            DeliveryEndpoint.PATH + "\u0000",
            "handover/genesysCloudOM",
            "/handover/../handover/genesysCloudOM",
            "/handover%2FgenesysCloudOM",
            "/%",
            "/%zz",
            "/%c0%80",
            "/\u00ff\u00fe",
            "?",
            "#",
            "\\",
            "/a b",
            "/" + "x".repeat(LONG),
            DeliveryEndpoint.PATH + "?" + "x".repeat(LONG));

    private static final List<String> VERSIONS = List.of(
            "HTTP/1.0",
            "HTTP/2.0",
            "HTTP/0.9",
            "HTTP/1.2",
            "HTTP/3",
            "HTTP/9.9",
            "http/1.1",
            "HTTP/1.1 x",
            "HTTP/",
            "",
            "HTTP",
            "HTTP/1.999999999999",
            "HTTP/-1.1",
            "HTTP/1.1\u0000",
            "RTSP/1.0",
            "ICY",
            "HTTP/1\u0000.1",
            "HTTP/" + "1".repeat(LONG));

    private static final List<String> LINES = List.of(
            "Connection: close",
            "Connection: keep-alive",
            "Connection: ,",
            "Connection: close, keep-alive",
            "Host:",
            "Host: a b",
            "Host: [",
            "Host: evil:99999",
            "Expect: 100-continue",
            "Expect: 100-CONTINUE",
            "Expect: 200-ok",
            "Expect:",
            "Content-Type:",
            "Content-Type: \u00ff",
            "Content-Encoding: gzip",
            "Content-Encoding: deflate",
            "Content-Encoding: br",
            "Content-Encoding: identity",
            "Content-Encoding:",
            "Content-Encoding: \u00ff",
            "Content-Encoding: identity, gzip",
            "Content-Encoding: " + "gzip, ".repeat(LONG / 10),
            "Content-Length",
            "no colon",
            ": no name",
            "Na me: x",
            "Name : x",
            "X: a\r\n folded",
            " first",
            "X: \u0000",
            "X: a\rb",
            "X: a\nY: b",
            "\u00e9: x",
            "X\u0000: x",
            "Cookie: " + "a=b;".repeat(LONG),
            "X".repeat(VERY_LONG) + ": x",
            "X: " + "y".repeat(VERY_LONG),
            "X-Forwarded-For: '\"><script>",
            "Trailer: Authorization",
            "TE: trailers",
            "Range: bytes=-1",
            "If-Match: *");

    private FuzzTwists() {}

    /** All changes, including those of the key. */
    static Arbitrary<UnaryOperator<FuzzRequest>> any() {
        return Arbitraries.frequencyOf(Tuple.of(1, keys()), Tuple.of(6, apartFromTheKey()));
    }

    /** A missing or wrong key, from EventBridge or from another sender. */
    static Arbitrary<UnaryOperator<FuzzRequest>> wrongKey() {
        Arbitrary<UnaryOperator<FuzzRequest>> keys = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(request -> request.without(AUTHORIZATION))),
                Tuple.of(8, Arbitraries.of(WRONG_KEYS).map(key -> request -> withKey(request, key))));
        return Arbitraries.oneOf(
                keys, keys.map(key -> request -> key.apply(request).without("User-Agent")));
    }

    private static FuzzRequest withKey(FuzzRequest request, String key) {
        return request.without(AUTHORIZATION).with(AUTHORIZATION + ": " + key);
    }

    private static Arbitrary<UnaryOperator<FuzzRequest>> keys() {
        return Arbitraries.oneOf(
                wrongKey(),
                wrongKey().map(wrong -> request -> wrong.apply(request).with(AUTHORIZATION + ": " + BridgeFixture.KEY)),
                Arbitraries.of(WRONG_KEYS).map(key -> request -> request.with(AUTHORIZATION + ": " + key)));
    }

    static Arbitrary<UnaryOperator<FuzzRequest>> apartFromTheKey() {
        return Arbitraries.oneOf(
                requestLines(),
                Arbitraries.of(LINES).map(line -> request -> request.with(line)),
                Combinators.combine(Arbitraries.of(LINES), Arbitraries.of(LINES))
                        .as((first, second) -> request -> request.with(first, second)),
                FuzzFraming.any(),
                FuzzFraming.any(),
                upgrades(),
                Arbitraries.of(100, LONG)
                        .map(count -> request -> request.withHeaders(numbered(request.headers(), count))),
                Arbitraries.of("\n", "\r", "\r\r\n")
                        .map(end -> request -> request.withHeaders(List.of(String.join(end, request.headers())))));
    }

    private static Arbitrary<UnaryOperator<FuzzRequest>> requestLines() {
        return Arbitraries.oneOf(
                Arbitraries.of(METHODS)
                        .map(method -> request -> request.withRequestLine(method, request.target(), request.version())),
                Arbitraries.of(TARGETS)
                        .map(target -> request -> request.withRequestLine(request.method(), target, request.version())),
                Arbitraries.of(VERSIONS)
                        .map(version ->
                                request -> request.withRequestLine(request.method(), request.target(), version)));
    }

    private static Arbitrary<UnaryOperator<FuzzRequest>> upgrades() {
        return Arbitraries.of(
                request -> request.with(
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
                request -> request.with(
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                        .withRequestLine("GET", request.target(), request.version()),
                request -> request.with("Connection: Upgrade", "Upgrade: TLS/1.0"),
                request -> request.with("Upgrade: h2c, websocket"));
    }

    private static List<String> numbered(List<String> headers, int count) {
        List<String> many = new ArrayList<>(headers);
        many.addAll(Collections.nCopies(count, "X-Number: 1"));
        return many;
    }

    /** Bytes that are not HTTP/1.1. */
    static Arbitrary<String> noHttp() {
        return Arbitraries.oneOf(
                FuzzEdit.bytes(200),
                Arbitraries.of(
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
                        "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1\u0003\u0003" + "r".repeat(32),
                        "GET /\r\n",
                        "GET\r\n",
                        "\r\n\r\n\r\n",
                        "\n".repeat(LONG),
                        "\0".repeat(LONG),
                        "HTTP/1.1 200 OK\r\n\r\n",
                        "\u0005\u0001\0",
                        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
                        "x".repeat(VERY_LONG),
                        " ".repeat(LONG),
                        "POST",
                        "{\"detail\":{}}"));
    }
}
