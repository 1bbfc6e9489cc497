package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.conversation.Outcome;
import io.handover.history.words.DecisionText;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.OperatorOrder.Action;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.DurationText;
import io.handover.terminal.Question;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Gives one order: shows the handover, asks, sends the order, and waits until the conversation shows what became of it.
 * The order names the handover that was shown, so it cannot end a later one.
 */
final class OrderRun {

    /** The order is stored, but the conversation did not show the end in time. */
    static final int EXIT_NOT_SEEN = 3;

    private static final Duration POLL = Duration.ofMillis(200);

    private final CommandIo io;
    private final OrderOptions options;
    private final Action action;
    private final String conversationId;
    private final Duration wait;
    private final ManagementApi api;

    OrderRun(CommandIo io, OrderOptions options, Action action, String conversationId, Duration wait) {
        this.io = io;
        this.options = options;
        this.action = action;
        this.conversationId = conversationId;
        this.wait = wait;
        this.api = options.management.open(io.environment());
    }

    /** Runs the order, and returns the exit code. */
    int run(String operator) {
        LiveConversation shown = LiveConversation.of(api.requireConversation(conversationId));
        requireSense(shown);
        io.err().print(LiveText.stateOf(shown, Ansi.OFF));
        io.err().println();
        if (!options.yes && !new Question(io.in(), io.err()).isAnsweredYes(question(shown))) {
            io.err().println("Nothing was sent.");
            return CommandRunner.EXIT_FAILURE;
        }
        Order order = new Order(operator, options.reason, shown.cycle(), UUID.randomUUID());
        JsonNode stored = new OrderSender(
                        io, "it shows what became of it, and a second order for the same handover changes nothing.")
                .send(() -> api.order(conversationId, action.label(), order));
        if (options.json) {
            io.print(LiveJson.pretty(stored));
        }
        return await(shown, stored.path("orderId").asText());
    }

    private void requireSense(LiveConversation shown) {
        if (!shown.open()) {
            throw new CommandException(
                    "The conversation " + conversationId + " has no open handover. Nothing was sent.");
        }
        if (action == Action.RELEASE && shown.held() == null) {
            throw new CommandException("No end is held of the conversation " + conversationId
                    + ". Nothing was sent. To end the handover nevertheless, use ./handover conversations end.");
        }
    }

    private String question(LiveConversation shown) {
        LiveConversation.Held held = shown.held();
        return action == Action.RELEASE && held != null
                ? "Announce " + DecisionText.end(held.reason()) + " of cycle " + shown.cycle() + " now?"
                : "End the handover of cycle " + shown.cycle() + " now?";
    }

    private int await(LiveConversation shown, String orderId) {
        long giveUp = System.nanoTime() + wait.toNanos();
        while (true) {
            Answer answer = api.conversation(conversationId);
            if (answer.isOk()) {
                LiveConversation now = LiveConversation.of(answer.require());
                if (hasEnded(shown, now)) {
                    io.err().println(end(shown, now));
                    return CommandRunner.EXIT_OK;
                }
                if (isWithoutEffect(orderId, now)) {
                    throw new CommandException(
                            "The order had no effect: " + DecisionText.row(Outcome.ORDER_WITHOUT_EFFECT) + ".");
                }
            }
            if (System.nanoTime() - giveUp >= 0) {
                String problem = answer.isOk() ? "" : answer.problem() + ' ';
                io.err()
                        .println("The order is stored, but the conversation did not show the end within "
                                + DurationText.brief(wait) + ". " + problem
                                + "Look again: ./handover conversations show " + conversationId);
                return EXIT_NOT_SEEN;
            }
            if (io.stop().await(POLL)) {
                io.err().println("The order is stored. Its end was not awaited.");
                return CommandRunner.EXIT_STOPPED;
            }
        }
    }

    private static boolean hasEnded(LiveConversation shown, LiveConversation now) {
        return now.cycle() > shown.cycle() || (now.cycle() == shown.cycle() && !now.open());
    }

    private static boolean isWithoutEffect(String orderId, LiveConversation now) {
        return now.recent().stream()
                .anyMatch(step ->
                        step.outcome().equals(Outcome.ORDER_WITHOUT_EFFECT.label()) && orderId.equals(step.eventId()));
    }

    /** Says that the handover has ended; with the reason, if the instance remembers it. */
    private static String end(LiveConversation shown, LiveConversation now) {
        return "Ended: cycle " + shown.cycle()
                + now.recent().stream()
                        .flatMap(step -> step.commands().stream())
                        .map(LiveText::commandOf)
                        .filter(command -> isEnd(command, shown.cycle()))
                        .findFirst()
                        .map(command -> ", " + DecisionText.end(command.reason()))
                        .orElse("")
                + '.';
    }

    private static boolean isEnd(@Nullable HandoverCommand command, int cycle) {
        return command instanceof HandoverEnded && command.cycle() == cycle;
    }
}
