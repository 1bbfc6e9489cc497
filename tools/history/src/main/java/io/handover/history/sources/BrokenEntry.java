package io.handover.history.sources;

/**
 * What stands in a source and cannot be read.
 *
 * @param source the file or partition that it stands in
 * @param number its line, or its offset
 * @param content what stands there; of what is far too long only the beginning
 * @param reason one sentence
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
record BrokenEntry(String source, long number, byte[] content, String reason) {}
