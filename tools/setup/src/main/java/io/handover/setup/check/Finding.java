package io.handover.setup.check;

import java.util.Objects;

/**
 * What a check found.
 *
 * @param check what was checked
 * @param severity whether it is a problem
 * @param found what was found, in a few words
 * @param advice what to do; empty if there is no problem
 */
public record Finding(String check, Severity severity, String found, String advice) {

    /** Whether a finding is a problem. */
    public enum Severity {
        OK,
        /** It works, but with less safety than it could have. */
        WARNING,
        /** Events are lost or do not arrive. */
        ERROR,
        /** It could not be checked. */
        UNCHECKED
    }

    public Finding {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(advice, "advice");
    }

    public static Finding ok(String check, String found) {
        return new Finding(check, Severity.OK, found, "");
    }

    public static Finding warning(String check, String found, String advice) {
        return new Finding(check, Severity.WARNING, found, advice);
    }

    public static Finding error(String check, String found, String advice) {
        return new Finding(check, Severity.ERROR, found, advice);
    }

    public static Finding unchecked(String check, String found, String advice) {
        return new Finding(check, Severity.UNCHECKED, found, advice);
    }
}
