package io.handover.setup.plan;

import java.util.Objects;

/** Says that the credentials lack a permission. The message names it. */
public final class NotPermittedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotPermittedException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
