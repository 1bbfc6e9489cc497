package io.handover.service;

/** Reports that a process cannot start because of its environment, for example a port or Kafka. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
