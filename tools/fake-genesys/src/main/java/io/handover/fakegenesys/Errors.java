package io.handover.fakegenesys;

import io.handover.fakegenesys.Behaviour.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;

/** The error answers of the Platform API. */
final class Errors {

    private Errors() {}

    static Answer of(int status, String code, String message) {
        return of(status, code, message, Map.of());
    }

    /** The answer of a limited API. Genesys writes the pause into the message and into the header. */
    static Answer rateLimited(int retryAfterSeconds, Map<String, String> headers) {
        return of(
                429,
                "too.many.requests.retry.after",
                "Rate limit exceeded the maximum. Retry the request in [" + retryAfterSeconds + "] seconds",
                headers);
    }

    private static Answer of(int status, String code, String message, Map<String, String> headers) {
        return new Answer(
                status,
                headers,
                new JsonObject()
                        .put("message", message)
                        .put("code", code)
                        .put("status", status)
                        .put("contextId", UUID.randomUUID().toString())
                        .put("details", new JsonArray())
                        .put("errors", new JsonArray())
                        .encode());
    }
}
