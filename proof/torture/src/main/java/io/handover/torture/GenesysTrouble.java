package io.handover.torture;

import io.handover.fakegenesys.Behaviour;
import java.time.Duration;

/** The troubles of Genesys. None of them delays a delivery or an end; names are shown later, or not at all. */
enum GenesysTrouble {
    NONE("no trouble"),
    SLOW("slow"),
    HANGING("hanging"),
    UNAVAILABLE("unavailable"),
    /** The only trouble for which a lookup is given up. */
    REFUSING("refusing"),
    RATE_LIMITED("limiting the rate"),
    REJECTING_TOKENS("rejecting tokens"),
    FORGETTING("forgetting agents");

    private static final Duration SLOWLY = Duration.ofMillis(1_500);
    private static final int PAUSE_SECONDS = 2;

    private final String title;

    GenesysTrouble(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    Behaviour behaviour() {
        return switch (this) {
            case NONE, FORGETTING -> Behaviour.NORMAL;
            case SLOW -> Behaviour.slow(SLOWLY);
            case HANGING -> Behaviour.HANGING;
            case UNAVAILABLE -> Behaviour.UNAVAILABLE;
            case REFUSING -> Behaviour.REFUSING;
            case RATE_LIMITED -> Behaviour.rateLimited(PAUSE_SECONDS);
            case REJECTING_TOKENS -> Behaviour.REJECTING_TOKENS;
        };
    }
}
