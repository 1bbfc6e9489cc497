package io.handover.quickstart;

/** A reason to stop that the person at the terminal can act on, said in one sentence. */
public final class QuickstartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QuickstartException(String sentence) {
        super(sentence);
    }

    public QuickstartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
