package io.handover.torture;

/**
 * Something that is not as it must be.
 *
 * @param defect what kind it is of
 * @param what what is wrong, in a line
 */
record Finding(Defect defect, String what) {

    /** What can be wrong; a run with any of it is not clean. */
    enum Defect {
        DELIVERY_REFUSED("deliveries refused"),
        DELIVERY_LOST("deliveries accepted and lost"),
        DELIVERY_FOREIGN("records that nobody sent so"),
        DEAD_LETTER("dead letters"),
        UNFINISHED("runs that did not become quiet"),
        OPEN_TRANSACTION("partitions with a transaction left open"),
        LOST("commands lost"),
        DUPLICATED("commands duplicated"),
        EARLY("commands early"),
        LATE("commands late"),
        UNEXPECTED("commands unexpected"),
        DISORDERED("conversations whose commands are out of order"),
        BREACH("invariants broken, or the truth told otherwise");

        private final String title;

        Defect(String title) {
            this.title = title;
        }

        /** Many of it, as the ledger calls them. */
        String title() {
            return title;
        }
    }
}
