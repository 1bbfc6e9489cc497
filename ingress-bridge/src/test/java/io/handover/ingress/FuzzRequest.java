package io.handover.ingress;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A request as sent. Each character is one byte (ISO 8859-1).
 *
 * @param body the intended body
 * @param payload the body as it is framed
 */
record FuzzRequest(String method, String target, String version, List<String> headers, String body, String payload) {

    static final String POST = "POST";
    static final String HTTP_1_1 = "HTTP/1.1";

    private static final String LINE_END = "\r\n";

    /** A delivery as from EventBridge, but with a connection that stays open, and without a length so far. */
    static FuzzRequest delivery(String body) {
        return new FuzzRequest(
                POST,
                DeliveryEndpoint.PATH,
                HTTP_1_1,
                List.of(
                        "Host: localhost",
                        "User-Agent: Amazon/EventBridge/ApiDestinations",
                        "Content-Type: application/json; charset=utf-8",
                        "Range: bytes=0-1048575",
                        "Accept-Encoding: gzip,deflate",
                        "Authorization: " + BridgeFixture.KEY),
                body,
                body);
    }

    FuzzRequest withRequestLine(String newMethod, String newTarget, String newVersion) {
        return new FuzzRequest(newMethod, newTarget, newVersion, headers, body, payload);
    }

    FuzzRequest with(String... lines) {
        return withHeaders(Stream.concat(headers.stream(), Stream.of(lines)).toList());
    }

    FuzzRequest without(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return withHeaders(headers.stream()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(start))
                .toList());
    }

    FuzzRequest withHeaders(List<String> lines) {
        return new FuzzRequest(method, target, version, lines, body, payload);
    }

    FuzzRequest withPayload(UnaryOperator<String> change) {
        return new FuzzRequest(method, target, version, headers, body, change.apply(payload));
    }

    FuzzRequest withLength() {
        return with("Content-Length: " + payload.length());
    }

    FuzzRequest inChunksOf(int size, String extension) {
        return with("Transfer-Encoding: chunked").withPayload(whole -> {
            StringBuilder chunks = new StringBuilder();
            for (int from = 0; from < whole.length(); from += size) {
                String chunk = whole.substring(from, Math.min(whole.length(), from + size));
                chunks.append(Integer.toHexString(chunk.length()))
                        .append(extension)
                        .append(LINE_END)
                        .append(chunk)
                        .append(LINE_END);
            }
            return chunks.append("0\r\n\r\n").toString();
        });
    }

    /** The whole request. */
    String text() {
        return method
                + ' '
                + target
                + ' '
                + version
                + LINE_END
                + String.join(LINE_END, headers)
                + LINE_END
                + LINE_END
                + payload;
    }
}
