package io.handover.fakeaws;

/**
 * A call that the fake received.
 *
 * @param number the number of the call since the start, from 1. A call that the SDK repeats is a new call.
 * @param service the service as in the credential scope of the signature, for example {@code events}
 * @param region the region as in the credential scope
 * @param operation the name of the operation
 * @param input the input as JSON, secrets included
 */
public record Call(long number, String service, String region, String operation, String input) {

    /** Returns the call without its input, which may hold secrets. */
    @Override
    public String toString() {
        return number + " " + service + ":" + operation;
    }
}
