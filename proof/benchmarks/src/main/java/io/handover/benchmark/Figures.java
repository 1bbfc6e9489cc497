package io.handover.benchmark;

/**
 * What one run of a contender used in its steady state.
 *
 * @param perSecond records per second
 * @param ownCpuUs CPU of the contender per record, in microseconds
 * @param brokerCpuUs CPU of the broker per record, in microseconds
 * @param allocatedBytes bytes that the contender allocated per record
 * @param changelogBytes bytes of all changelogs per record, from the start
 * @param foreign see {@link Machine#foreign}
 */
record Figures(
        double perSecond,
        double ownCpuUs,
        double brokerCpuUs,
        double allocatedBytes,
        double changelogBytes,
        double foreign) {

    double cpuUs() {
        return ownCpuUs + brokerCpuUs;
    }
}
