package io.handover.benchmark;

/**
 * What an endpoint used in one round.
 *
 * @param ownCpuUs CPU of the endpoint per request, in microseconds
 * @param brokerCpuUs CPU of the broker per request, in microseconds
 * @param foreign see {@link Machine#foreign}
 */
record BridgeFigures(HttpLoad.Result load, double ownCpuUs, double brokerCpuUs, double foreign) {

    double perSecond() {
        return load.answers() / load.seconds();
    }
}
