package io.handover.streams;

import io.handover.schema.OperatorOrder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends with an order.
 *
 * @param cycle the handover that is meant; null for the open one
 * @param orderId null to let the application choose one
 */
record OrderForm(
        String operator,
        String reason,
        @Nullable Integer cycle,
        @Nullable UUID orderId) {

    private static final Set<String> FIELDS = Set.of("operator", "reason", "cycle", "orderId");
    private static final Set<String> FIELDS_OF_FORGET = Set.of("operator", "reason", "orderId");
    private static final int UUID_LENGTH = 36;

    /** @throws RequestException if the body is not as it must be */
    static OrderForm read(Buffer body, Route route) {
        JsonObject json;
        try {
            json = body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw bad("The body must be a JSON object with operator and reason.");
        }
        if (json == null) {
            throw bad("The body must be a JSON object with operator and reason.");
        }
        Set<String> unknown = new TreeSet<>(json.fieldNames());
        unknown.removeAll(route.resource() == Route.Resource.FORGET ? FIELDS_OF_FORGET : FIELDS);
        if (!unknown.isEmpty()) {
            throw bad("The body has fields that this order does not have: leave them out, and check their spelling.");
        }
        return new OrderForm(
                text(json, "operator", OperatorOrder.OPERATOR_MAX_LENGTH),
                text(json, "reason", OperatorOrder.REASON_MAX_LENGTH),
                cycle(json.getValue("cycle")),
                orderId(json.getValue("orderId")));
    }

    private static String text(JsonObject json, String field, int maxLength) {
        if (json.getValue(field) instanceof String text
                && !text.isBlank()
                && text.length() <= maxLength
                && isUtf8(text)) {
            return text;
        }
        throw bad("The field " + field + " must be a text of 1 to " + maxLength + " characters.");
    }

    /** Half of a character that needs two has no bytes. */
    private static boolean isUtf8(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static @Nullable Integer cycle(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Integer cycle && cycle >= 1) {
            return cycle;
        }
        throw bad("The field cycle must be the number of a handover: 1 or more.");
    }

    private static @Nullable UUID orderId(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            // UUID.fromString also reads shorter texts.
            if (value instanceof String text && text.length() == UUID_LENGTH) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            // It is no UUID.
        }
        throw bad("The field orderId must be a UUID.");
    }

    private static RequestException bad(String sentence) {
        return new RequestException(RequestException.BAD_REQUEST, sentence);
    }
}
