package io.handover.torture;

import java.time.Duration;

/** What a run does to the processes. */
enum FaultKind {
    KILL_APP("kill a streams app", 3, 10),
    /** Longer than the others wait before they do without it. */
    KILL_BROKER("kill a broker", 4, 14),
    KILL_BRIDGE("kill the bridge", 2, 6),
    /** Longer than its session: others take over, and then it goes on as if it still were the one. */
    FREEZE_APP("freeze a streams app", 8, 14),
    CUT_APP("cut a streams app from the brokers", 9, 15),
    CUT_APPS("cut both streams apps from the brokers", 9, 16),
    /** Longer than any delivery is waited for. */
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

    /** What it is, in a few words. */
    String title() {
        return title;
    }

    /** How long it lasts. */
    Duration lasts() {
        return lasts;
    }

    /** How long until the next fault, if everything recovers as it should. */
    Duration slot() {
        return slot;
    }
}
