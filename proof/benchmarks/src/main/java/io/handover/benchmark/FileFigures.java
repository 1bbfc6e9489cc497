package io.handover.benchmark;

/**
 * What one run over a whole file used.
 *
 * @param perSecond envelopes per second, with the start of the process
 * @param cpuUs CPU of all processes of the run per envelope, in microseconds
 * @param peakBytes the highest resident memory of one process of the run
 * @param foreign see {@link Machine#foreign}, over the whole round
 */
record FileFigures(double perSecond, double cpuUs, long peakBytes, double foreign) {}
