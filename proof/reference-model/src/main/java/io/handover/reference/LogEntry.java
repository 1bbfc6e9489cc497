package io.handover.reference;

/** A record of the log that can lead to a command. */
public sealed interface LogEntry permits Arrival, ProfileArrival {

    /** The stream time after the record, epoch ms. */
    long at();
}
