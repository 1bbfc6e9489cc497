package io.handover.history.sources;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a file that is not interpreted yet: an object, or what is in its place.
 *
 * @param line the line on which it begins, counted from 1
 * @param bytes its exact bytes; only the first 1024 if it is longer than 16 MiB
 * @param problem why it cannot be an object, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
public record RawEntry(long line, byte[] bytes, @Nullable String problem) {}
