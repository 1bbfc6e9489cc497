package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Some operations of a service of AWS. All of them are called with the monitor of the account. */
abstract class Service {

    /** The resource of actions that know no resources. */
    static final Function<JsonObject, List<String>> ANYTHING = input -> List.of("*");

    private final Account account;
    private final String prefix;
    private final Map<String, Operation> operations = new HashMap<>();

    /**
     * An operation.
     *
     * @param action the action of IAM that it needs
     * @param resources the ARNs that the action must be allowed for
     */
    private record Operation(
            String action, Function<JsonObject, List<String>> resources, Function<JsonObject, JsonObject> handler) {}

    /** Creates a service whose actions begin with the prefix. */
    Service(Account account, String prefix) {
        this.account = account;
        this.prefix = prefix;
    }

    final Account account() {
        return account;
    }

    final void on(
            String operation, Function<JsonObject, List<String>> resources, Function<JsonObject, JsonObject> handler) {
        on(operation, operation, resources, handler);
    }

    /** Adds an operation that needs another action than the one of its name. */
    final void on(
            String operation,
            String action,
            Function<JsonObject, List<String>> resources,
            Function<JsonObject, JsonObject> handler) {
        operations.put(operation, new Operation(prefix + ":" + action, resources, handler));
    }

    final boolean offers(String operation) {
        return operations.containsKey(operation);
    }

    final JsonObject call(String name, JsonObject input) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new AwsError(400, "UnknownOperationException", "The fake has no operation " + name);
        }
        operation.resources().apply(input).forEach(resource -> account.require(operation.action(), resource));
        return operation.handler().apply(input);
    }

    static String required(JsonObject input, String field) {
        String value = input.getString(field);
        if (value == null || value.isEmpty()) {
            throw AwsError.validation("1 validation error detected: Value null at '" + field
                    + "' failed to satisfy constraint: Member must not be null");
        }
        return value;
    }

    /** Returns a number, which the query protocol sends as text. */
    static int number(JsonObject input, String field, int otherwise) {
        Object value = input.getValue(field);
        return value == null ? otherwise : (int) Double.parseDouble(value.toString());
    }
}
