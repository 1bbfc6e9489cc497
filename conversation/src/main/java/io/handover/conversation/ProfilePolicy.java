package io.handover.conversation;

/**
 * The settings of the agents' names and pictures. All times are milliseconds.
 *
 * @param enabled whether profiles are used at all. Otherwise commands contain the ids of the agents alone
 * @param refreshMs after how long a known profile is asked for again
 * @param retentionMs after how long a profile that was not refreshed is forgotten
 */
public record ProfilePolicy(boolean enabled, long refreshMs, long retentionMs) {

    private static final long HOUR_MS = 3_600_000;

    /** The default: without profiles. */
    public static final ProfilePolicy DEFAULT = new ProfilePolicy(false, HOUR_MS, 7 * 24 * HOUR_MS);
}
