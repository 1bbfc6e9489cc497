package io.handover.terminal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses an ISO-8601 time with an offset, such as {@code 2026-01-15T10:00:00Z}. */
public final class InstantConverter implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            // The times of deliveries are epoch milliseconds. An Instant outside their range is rejected.
            return Instant.ofEpochMilli(time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' is not a time like 2026-01-15T10:00:00Z");
        }
    }
}
