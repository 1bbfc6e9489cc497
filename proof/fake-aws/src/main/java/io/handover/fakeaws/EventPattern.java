package io.handover.fakeaws;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of EventBridge. IP ranges ({@code cidr}) are refused, everything else is matched.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html">
 *     The operators</a>
 */
final class EventPattern {

    private static final int MAX_LENGTH = 4_096;
    private static final Set<String> OPERATORS =
            Set.of("prefix", "suffix", "exists", "anything-but", "numeric", "equals-ignore-case", "wildcard");

    private final JsonObject pattern;

    /**
     * Parses a pattern.
     *
     * @throws AwsError if the pattern is not valid
     */
    EventPattern(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid("The pattern is longer than " + MAX_LENGTH + " characters");
        }
        try {
            pattern = new JsonObject(text);
        } catch (DecodeException e) {
            throw invalid("Filter is not an object: " + e.getMessage());
        }
        check(pattern);
    }

    boolean matches(JsonObject event) {
        return matches(pattern, event);
    }

    private static void check(JsonObject level) {
        if (level.isEmpty()) {
            throw invalid("Empty objects are not allowed");
        }
        for (Map.Entry<String, Object> entry : level) {
            Object value = entry.getValue();
            if (value instanceof JsonObject deeper) {
                check(deeper);
            } else if (!(value instanceof JsonArray choices)) {
                throw invalid("\"" + entry.getKey() + "\" must be an object or an array");
            } else if (choices.isEmpty()) {
                throw invalid("Empty arrays are not allowed");
            } else if (entry.getKey().equals("$or")) {
                choices.forEach(choice -> check((JsonObject) choice));
            } else {
                choices.forEach(EventPattern::checkChoice);
            }
        }
    }

    private static void checkChoice(@Nullable Object choice) {
        if (choice instanceof JsonArray
                || (choice instanceof JsonObject operator
                        && (operator.size() != 1 || !OPERATORS.containsAll(operator.fieldNames())))) {
            throw invalid("Unrecognized match type " + choice);
        }
    }

    private static AwsError invalid(String reason) {
        return new AwsError(400, "InvalidEventPatternException", "Event pattern is not valid. Reason: " + reason);
    }

    private static boolean matches(JsonObject level, JsonObject event) {
        return level.stream().allMatch(entry -> {
            if (entry.getKey().equals("$or")) {
                return ((JsonArray) entry.getValue()).stream().anyMatch(choice -> matches((JsonObject) choice, event));
            }
            Object value = event.getValue(entry.getKey());
            return entry.getValue() instanceof JsonObject deeper
                    ? matchesDeeper(deeper, value)
                    : ((JsonArray) entry.getValue())
                            .stream()
                                    .anyMatch(choice -> matchesField(choice, value, event.containsKey(entry.getKey())));
        });
    }

    /** Matches the fields of an object. A value that is no object has no fields. */
    private static boolean matchesDeeper(JsonObject deeper, @Nullable Object value) {
        if (value instanceof JsonArray array) {
            return array.stream().anyMatch(element -> matchesDeeper(deeper, element));
        }
        return matches(deeper, value instanceof JsonObject object ? object : new JsonObject());
    }

    private static boolean matchesField(@Nullable Object choice, @Nullable Object value, boolean isPresent) {
        boolean isLeaf = isPresent && !(value instanceof JsonObject);
        if (choice instanceof JsonObject operator && operator.containsKey("exists")) {
            return operator.getBoolean("exists") == isLeaf;
        }
        if (!isLeaf) {
            return false;
        }
        return value instanceof JsonArray array
                ? array.stream().anyMatch(element -> matchesValue(choice, element))
                : matchesValue(choice, value);
    }

    private static boolean matchesValue(@Nullable Object choice, @Nullable Object value) {
        if (!(choice instanceof JsonObject operator)) {
            return isEqual(choice, value);
        }
        String name = operator.fieldNames().iterator().next();
        Object operand = operator.getValue(name);
        return switch (name) {
            case "anything-but" -> !matchesAnyOf(operand, value);
            case "numeric" -> value instanceof Number number && isInRange((JsonArray) operand, number.doubleValue());
            default -> value instanceof String text && matchesText(name, operand, text);
        };
    }

    private static boolean matchesAnyOf(Object operand, @Nullable Object value) {
        if (operand instanceof JsonArray list) {
            return list.stream().anyMatch(element -> isEqual(element, value));
        }
        if (operand instanceof JsonObject operator) {
            String name = operator.fieldNames().iterator().next();
            Object texts = operator.getValue(name);
            List<?> list = texts instanceof JsonArray array ? array.getList() : List.of(texts);
            return value instanceof String text && list.stream().anyMatch(one -> matchesText(name, one, text));
        }
        return isEqual(operand, value);
    }

    private static boolean matchesText(String operator, Object operand, String text) {
        if (operand instanceof JsonObject ignoringCase) {
            String expected = ignoringCase.getString("equals-ignore-case");
            int offset = operator.equals("suffix") ? text.length() - expected.length() : 0;
            return text.regionMatches(true, offset, expected, 0, expected.length());
        }
        String expected = String.valueOf(operand);
        return switch (operator) {
            case "prefix" -> text.startsWith(expected);
            case "suffix" -> text.endsWith(expected);
            case "equals-ignore-case" -> text.equalsIgnoreCase(expected);
            case "wildcard" -> Wildcard.matches(expected.replace('?', '\u0000'), text.replace('?', '\u0000'));
            default -> throw invalid("Unrecognized match type " + operator);
        };
    }

    /** Whether a number is in a range, for example in {@code [">", 0, "<=", 5]}. */
    private static boolean isInRange(JsonArray range, double number) {
        for (int i = 0; i < range.size(); i += 2) {
            double bound = range.getDouble(i + 1);
            boolean isWithin = switch (range.getString(i)) {
                case "=" -> number == bound;
                case "<" -> number < bound;
                case "<=" -> number <= bound;
                case ">" -> number > bound;
                case ">=" -> number >= bound;
                default -> throw invalid("Unrecognized numeric range operator " + range.getString(i));
            };
            if (!isWithin) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEqual(@Nullable Object expected, @Nullable Object value) {
        if (expected instanceof Number a && value instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return Objects.equals(expected, value);
    }
}
