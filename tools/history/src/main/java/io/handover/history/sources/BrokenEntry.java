package io.handover.history.sources;

/**
 * An entry of a source that cannot be read as a delivery.
 *
 * @param source the file or partition of the entry
 * @param number the line of the entry in the file, or its offset in the partition
 * @param content the bytes of the entry; only the first 1024 if it is longer than 16 MiB
 * @param reason why the entry cannot be read, one sentence
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the array is not copied
record BrokenEntry(String source, long number, byte[] content, String reason) {}
