package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.terminal.CommandException;

/**
 * An answer of the management port, or the reason why there is none.
 *
 * @param status the HTTP status; {@link #NONE} without an answer of streams-app
 * @param body the JSON; missing if the request failed
 * @param problem one sentence if the request failed; empty otherwise
 */
record Answer(int status, JsonNode body, String problem) {

    /** The status if streams-app did not answer. */
    static final int NONE = 0;

    private static final int UNAVAILABLE = 503;

    boolean isOk() {
        return problem.isEmpty();
    }

    /** Returns whether the same request can succeed later. */
    boolean isTemporary() {
        return status == NONE || status == UNAVAILABLE;
    }

    /**
     * Returns the JSON.
     *
     * @throws CommandException if the request failed
     */
    JsonNode require() {
        if (!isOk()) {
            throw new CommandException(problem);
        }
        return body;
    }
}
