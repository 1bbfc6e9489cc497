package io.handover.benchmark;

/**
 * What one start of a process took.
 *
 * @param readySeconds from the start of the process until it was ready
 * @param readyCpuSeconds CPU of the process until then
 * @param cpuUs CPU of the process from its start until it has read the log, per delivery, in microseconds
 * @param workCpuUs CPU of the process after it was ready, per delivery that it has read since, in microseconds
 * @param foreign see {@link Machine#foreign}
 */
record StartFigures(double readySeconds, double readyCpuSeconds, double cpuUs, double workCpuUs, double foreign) {}
