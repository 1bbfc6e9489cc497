package io.handover.genesys;

import java.util.Objects;

/**
 * Says why Genesys gave no usable answer. The message is one sentence without secrets and without the body of a
 * response, so that it can be logged and shown. For the same reason there is no cause.
 */
public final class GenesysException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Retry retry;

    /** When the request may be sent again. */
    enum Retry {
        NEVER,
        AFTER_BACK_OFF,
        AT_ONCE
    }

    GenesysException(String message, Retry retry) {
        super(message);
        this.retry = retry;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    Retry retry() {
        return retry;
    }
}
