package io.handover.fakeaws;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Watches the calls to the fake and disturbs them. The methods run on a thread of the fake and may block; other calls go
 * on meanwhile.
 */
public interface Interceptor {

    /** Does nothing. */
    Interceptor NONE = new Interceptor() {};

    /** Decides before a call takes effect. A call that does not proceed has no effect. */
    default Verdict before(Call call) {
        return Verdict.PROCEED;
    }

    /** Decides after a call took effect, before the fake answers. Calls that failed are included. */
    default Verdict after(Call call) {
        return Verdict.PROCEED;
    }

    /**
     * What happens to a call.
     *
     * @param isCut whether the connection is closed without an answer
     * @param error the error to answer with, or null
     */
    record Verdict(boolean isCut, @Nullable Fault error) {

        /** The call goes on. */
        public static final Verdict PROCEED = new Verdict(false, null);

        /** The connection is closed without an answer. */
        public static final Verdict CUT = new Verdict(true, null);

        /** The fake answers with an error. */
        public static Verdict fail(int status, String code, String message) {
            return new Verdict(false, new Fault(status, code, message));
        }
    }

    /**
     * An error answer.
     *
     * @param status the HTTP status
     * @param code the code of AWS, for example {@code InternalException}
     */
    record Fault(int status, String code, String message) {
        public Fault {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }
    }
}
