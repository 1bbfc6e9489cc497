package io.handover.torture;

/**
 * A defect that a run found.
 *
 * @param defect the kind of defect
 * @param what a description in one line
 */
record Finding(Defect defect, String what) {

    /** The kinds of defects. A run with any of them is not clean. */
    enum Defect {
        DELIVERY_REFUSED("deliveries refused"),
        DELIVERY_LOST("deliveries accepted and lost"),
        DELIVERY_FOREIGN("records that were never sent"),
        DEAD_LETTER("dead letters"),
        UNFINISHED("runs that did not become quiet"),
        OPEN_TRANSACTION("partitions with a transaction left open"),
        LOST("commands lost"),
        DUPLICATED("commands duplicated"),
        EARLY("commands early"),
        LATE("commands late"),
        UNEXPECTED("commands unexpected"),
        DISORDERED("conversations whose commands are out of order"),
        END_CHANGED("conversations whose ends depend on profiles"),
        LOOKUP_LOST("lookups without a profile"),
        LOOKUP_MISSING("announcements without their lookup"),
        LOOKUP_UNEXPECTED("lookups unexpected"),
        PROFILE_FOREIGN("profiles that Genesys did not give"),
        BREACH("invariants broken");

        private final String title;

        Defect(String title) {
            this.title = title;
        }

        /** The name of the kind in the ledger, in the plural. */
        String title() {
            return title;
        }
    }
}
