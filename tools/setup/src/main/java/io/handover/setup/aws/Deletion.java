package io.handover.setup.aws;

import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandException;
import java.util.Optional;

/** Deletes what AWS refuses to delete shortly after its parts were deleted. */
final class Deletion {

    private static final String STILL_HAS = "deleted since it has";

    private Deletion() {}

    static void repeated(Waiting waiting, String what, Runnable delete) {
        waiting.until(what, () -> {
            try {
                delete.run();
                return Optional.empty();
            } catch (CommandException e) {
                String message = String.valueOf(e.getMessage());
                if (message.contains(STILL_HAS)) {
                    return Optional.of("not deletable: " + message.substring(message.indexOf(STILL_HAS) + 14));
                }
                throw e;
            }
        });
    }
}
