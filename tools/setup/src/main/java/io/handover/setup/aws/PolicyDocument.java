package io.handover.setup.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A policy that somebody has written, read as far as its effect on EventBridge needs. What it does not understand, such as
 * {@code NotAction} or an unusual condition, allows nothing and denies nothing.
 */
final class PolicyDocument {

    private final JsonNode json;

    PolicyDocument(String text) {
        json = CanonicalJson.read(text);
    }

    /**
     * Whether the policy lets EventBridge do something.
     *
     * @param resource the ARN; empty for a policy without resources, such as the trust policy of a role
     * @param context the values of the condition keys, by their names in lower case
     */
    boolean allowsEventBridge(String action, String resource, Map<String, String> context) {
        boolean allowed = false;
        for (JsonNode statement : list(json.path("Statement"))) {
            if (isForEventBridge(statement.path("Principal"))
                    && matchesAny(statement.path("Action"), action.toLowerCase(Locale.ROOT))
                    && (resource.isEmpty() || matchesAny(statement.path("Resource"), resource))
                    && isMet(statement.path("Condition"), context)) {
                if (statement.path("Effect").asText().equals("Deny")) {
                    return false;
                }
                allowed |= statement.path("Effect").asText().equals("Allow");
            }
        }
        return allowed;
    }

    private static boolean isForEventBridge(JsonNode principal) {
        return principal.asText().equals("*")
                || list(principal.path("Service")).stream()
                        .anyMatch(service -> service.asText().equals("events.amazonaws.com"))
                || list(principal.path("AWS")).stream()
                        .anyMatch(account -> account.asText().equals("*"));
    }

    private static boolean isMet(JsonNode condition, Map<String, String> context) {
        for (Map.Entry<String, JsonNode> operator : condition.properties()) {
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                String value = context.get(key.getKey().toLowerCase(Locale.ROOT));
                if (!isMet(operator.getKey(), key.getValue(), value == null ? "" : value)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isMet(String operator, JsonNode values, String value) {
        return switch (operator.replace("IfExists", "")) {
            case "StringEquals" ->
                list(values).stream().anyMatch(one -> one.asText().equals(value));
            case "StringEqualsIgnoreCase" ->
                list(values).stream().anyMatch(one -> one.asText().equalsIgnoreCase(value));
            // AWS reads wildcards in ArnEquals as in ArnLike.
            case "StringLike", "ArnLike", "ArnEquals" -> matchesAny(values, value);
            default -> false;
        };
    }

    private static boolean matchesAny(JsonNode patterns, String text) {
        return list(patterns).stream()
                .anyMatch(pattern -> wildcard(pattern.asText()).matcher(text).matches());
    }

    private static Pattern wildcard(String pattern) {
        String quoted = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(quoted, Pattern.CASE_INSENSITIVE);
    }

    private static List<JsonNode> list(JsonNode json) {
        List<JsonNode> items = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(items::add);
        } else if (!json.isMissingNode()) {
            items.add(json);
        }
        return items;
    }
}
