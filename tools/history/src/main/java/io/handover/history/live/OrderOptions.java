package io.handover.history.live;

import io.handover.schema.OperatorOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of every order. */
final class OrderOptions {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, in your words. It is stored with the order, and in the audit log of streams-app.")
    String reason = "";

    @Option(
            names = "--operator",
            paramLabel = "NAME",
            description = "Who gives the order. By default USER of the environment.")
    @Nullable
    String operator;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    @Option(names = "--json", description = "Write the answer of streams-app to the order to standard output.")
    boolean json;

    @Mixin
    ManagementOptions management = new ManagementOptions();

    /**
     * Returns who gives the order.
     *
     * @throws ParameterException if the operator or the reason is missing or too long
     */
    String operator(CommandLine command, Map<String, String> environment) {
        String given = operator != null ? operator : environment.getOrDefault("USER", "");
        if (given.isBlank()) {
            throw new ParameterException(command, "Missing required option: '--operator=NAME'");
        }
        requireLength(command, "--operator", given, OperatorOrder.OPERATOR_MAX_LENGTH);
        requireLength(command, "--reason", reason, OperatorOrder.REASON_MAX_LENGTH);
        return given;
    }

    private static void requireLength(CommandLine command, String option, String text, int most) {
        if (text.isBlank() || text.length() > most) {
            throw new ParameterException(command, option + " must have 1 to " + most + " characters");
        }
    }
}
