package io.handover.setup.dlq;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An event that could not be delivered or read.
 *
 * @param id names the message or record
 * @param body the event, byte for byte
 * @param cause why, in a few words
 * @param since when it became a dead letter
 * @param attributes what is known about the failure
 */
@SuppressWarnings("ArrayRecordComponent") // two letters are never compared
record DeadLetter(String id, byte[] body, String cause, Instant since, Map<String, String> attributes) {

    DeadLetter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(since, "since");
        attributes = new TreeMap<>(attributes);
    }
}
