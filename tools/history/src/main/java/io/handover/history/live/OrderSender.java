package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Sends an order, again if there is no answer. Each time it has the same id, so it is applied once.
 *
 * @param unanswered what to do if it was never answered: the end of an error
 */
record OrderSender(CommandIo io, String unanswered) {

    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /**
     * Sends the order, and returns what streams-app has stored.
     *
     * @param request sends it once
     * @throws CommandException if the order was refused, or may not be stored
     */
    JsonNode send(Supplier<Answer> request) {
        Answer answer = request.get();
        for (int attempt = 1; attempt < ATTEMPTS && answer.isTemporary(); attempt++) {
            io.err().println(answer.problem() + " Sending the same order again.");
            if (io.stop().await(PAUSE)) {
                break;
            }
            answer = request.get();
        }
        if (answer.isTemporary()) {
            throw new CommandException(
                    answer.problem() + " The order may be stored nevertheless. Run the command again: " + unanswered);
        }
        return answer.require();
    }
}
