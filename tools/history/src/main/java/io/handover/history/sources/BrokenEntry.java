package io.handover.history.sources;

/**
 * An entry of a source that cannot be read as a delivery.
 *
 * @param source the file or partition of the entry
 * @param number its line or offset
 * @param content its bytes; only the first 1024 if it is longer than 16 MiB
 * @param reason one sentence
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
record BrokenEntry(String source, long number, byte[] content, String reason) {}
