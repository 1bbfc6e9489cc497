package io.handover.fakeaws;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy document of IAM. Conditions compare texts and ARNs; a document with another condition is refused, because the
 * fake could not decide it.
 */
final class Policy {

    private static final Set<String> ELEMENTS =
            Set.of("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition");
    private static final Set<String> OPERATORS = Set.of(
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
            "ArnEquals",
            "ArnNotEquals",
            "ArnLike",
            "ArnNotLike",
            "Bool",
            "Null");
    private static final String IF_EXISTS = "IfExists";

    /** What a policy is attached to. */
    enum Kind {
        /** To a user or a role: it has resources and no principal. */
        IDENTITY,
        /** To a role, saying who can assume it: it has a principal and no resource. */
        TRUST,
        /** To a queue or a topic: it has a principal and resources. */
        RESOURCE
    }

    /** What policies say about a request. */
    enum Decision {
        ALLOWED("allowed"),
        NOT_GRANTED("implicitDeny"),
        DENIED("explicitDeny");

        private final String label;

        Decision(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * A request that a policy decides.
     *
     * @param principal the service that asks; empty if the policy is attached to the caller
     * @param context the values of the condition keys
     */
    record Request(String principal, String action, String resource, Map<String, String> context) {}

    private record Statement(
            boolean allows,
            @Nullable List<String> principals,
            List<String> actions,
            boolean exceptActions,
            @Nullable List<String> resources,
            boolean exceptResources,
            JsonObject conditions) {}

    private final List<Statement> statements = new ArrayList<>();

    /**
     * Parses a document.
     *
     * @throws IllegalArgumentException if the document is no policy of this kind
     */
    Policy(String document, Kind kind) {
        try {
            Object statement = new JsonObject(document).getValue("Statement");
            if (statement == null) {
                throw new IllegalArgumentException("The policy has no Statement");
            }
            JsonArray array = statement instanceof JsonArray list ? list : new JsonArray().add(statement);
            for (int i = 0; i < array.size(); i++) {
                statements.add(statement(array.getJsonObject(i), kind));
            }
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("The policy is not in JSON or has a wrong type: " + e.getMessage(), e);
        }
    }

    static Decision decide(List<Policy> policies, Request request) {
        List<Boolean> effects = policies.stream()
                .flatMap(policy -> policy.statements.stream())
                .filter(statement -> covers(statement, request))
                .map(Statement::allows)
                .toList();
        if (effects.contains(false)) {
            return Decision.DENIED;
        }
        return effects.isEmpty() ? Decision.NOT_GRANTED : Decision.ALLOWED;
    }

    private static Statement statement(JsonObject json, Kind kind) {
        for (String element : json.fieldNames()) {
            check(ELEMENTS.contains(element), "Unknown element " + element);
        }
        String effect = json.getString("Effect");
        check("Allow".equals(effect) || "Deny".equals(effect), "The Effect must be Allow or Deny");
        check(json.containsKey("Action") != json.containsKey("NotAction"), "A statement needs an Action");
        check(json.containsKey("Principal") == (kind != Kind.IDENTITY), "A Principal is missing or not allowed");
        boolean hasResource = json.containsKey("Resource") || json.containsKey("NotResource");
        check(hasResource == (kind != Kind.TRUST), "A Resource is missing or not allowed");
        JsonObject conditions = json.getJsonObject("Condition", new JsonObject());
        for (String operator : conditions.fieldNames()) {
            check(OPERATORS.contains(base(operator)), "The condition operator " + operator + " is unknown to the fake");
        }
        return new Statement(
                effect.equals("Allow"),
                principals(json.getValue("Principal")),
                list(json.getValue(json.containsKey("Action") ? "Action" : "NotAction")),
                json.containsKey("NotAction"),
                hasResource ? list(json.getValue(json.containsKey("Resource") ? "Resource" : "NotResource")) : null,
                json.containsKey("NotResource"),
                conditions);
    }

    private static @Nullable List<String> principals(@Nullable Object principal) {
        if (principal instanceof JsonObject types) {
            List<String> principals = new ArrayList<>();
            types.forEach(type -> principals.addAll(list(type.getValue())));
            return principals;
        }
        return principal == null ? null : list(principal);
    }

    private static List<String> list(Object value) {
        if (value instanceof JsonArray array) {
            return array.stream().map(String::valueOf).toList();
        }
        return List.of(String.valueOf(value));
    }

    private static boolean covers(Statement statement, Request request) {
        List<String> principals = statement.principals();
        List<String> resources = statement.resources();
        return (principals == null || principals.contains("*") || principals.contains(request.principal()))
                && matchesAny(lower(statement.actions()), request.action().toLowerCase(Locale.ROOT))
                        != statement.exceptActions()
                && (resources == null || matchesAny(resources, request.resource()) != statement.exceptResources())
                && statement.conditions().stream()
                        .allMatch(test -> holds(test.getKey(), (JsonObject) test.getValue(), request.context()));
    }

    private static boolean holds(String operator, JsonObject test, Map<String, String> context) {
        return test.stream().allMatch(entry -> {
            String actual = context.entrySet().stream()
                    .filter(known -> known.getKey().equalsIgnoreCase(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            return holds(operator, list(entry.getValue()), actual);
        });
    }

    private static boolean holds(String operator, List<String> expected, @Nullable String actual) {
        String base = base(operator);
        if (base.equals("Null")) {
            return expected.contains(String.valueOf(actual == null));
        }
        boolean isNegative = base.contains("Not");
        if (actual == null) {
            return isNegative || operator.endsWith(IF_EXISTS);
        }
        // ArnEquals and ArnLike are the same; both know wildcards.
        boolean matches = switch (base) {
            case "StringEquals", "StringNotEquals" -> expected.contains(actual);
            case "StringEqualsIgnoreCase", "Bool" -> expected.stream().anyMatch(actual::equalsIgnoreCase);
            default -> matchesAny(expected, actual);
        };
        return matches != isNegative;
    }

    private static boolean matchesAny(List<String> wildcards, String text) {
        return wildcards.stream().anyMatch(wildcard -> Wildcard.matches(wildcard, text));
    }

    private static List<String> lower(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }

    private static String base(String operator) {
        return operator.endsWith(IF_EXISTS) ? operator.substring(0, operator.length() - IF_EXISTS.length()) : operator;
    }

    private static void check(boolean isRight, String problem) {
        if (!isRight) {
            throw new IllegalArgumentException(problem);
        }
    }
}
