package io.handover.service;

/** Something outside that a process needs and did not get when it started. The message is one sentence. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
