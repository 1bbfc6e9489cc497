package io.handover.torture;

import java.time.Duration;

/** The kinds of faults. */
enum FaultKind {
    KILL_APP("kill a streams app", 3, 10),
    /** Lasts longer than the session of a broker, so that the other brokers take over. */
    KILL_BROKER("kill a broker", 4, 14),
    KILL_BRIDGE("kill the bridge", 2, 6),
    /**
     * Lasts longer than the session of an app. The other app takes over. Then the frozen app resumes, and believes that
     * it still owns its partitions.
     */
    FREEZE_APP("freeze a streams app", 8, 14),
    CUT_APP("cut a streams app from the brokers", 9, 15),
    CUT_APPS("cut both streams apps from the brokers", 9, 16),
    /** Lasts longer than EventBridge waits for an answer. */
    CUT_BRIDGE("cut the bridge from the brokers", 7, 11),
    RESTART_ALL("kill and restart everything", 2, 35);

    private final String title;
    private final Duration lasts;
    private final Duration slot;

    FaultKind(String title, int lastsSeconds, int slotSeconds) {
        this.title = title;
        this.lasts = Duration.ofSeconds(lastsSeconds);
        this.slot = Duration.ofSeconds(slotSeconds);
    }

    /** The name of the fault in the ledger. */
    String title() {
        return title;
    }

    /** The duration of the fault. */
    Duration lasts() {
        return lasts;
    }

    /**
     * The time from the beginning of this fault to the next fault. The next fault is later if the processes have not
     * recovered.
     */
    Duration slot() {
        return slot;
    }
}
