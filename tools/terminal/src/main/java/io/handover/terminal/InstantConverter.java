package io.handover.terminal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses an ISO-8601 time with its offset: {@code 2026-01-15T10:00:00Z}. */
public final class InstantConverter implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            // Deliveries have milliseconds, whose range is smaller than that of an Instant.
            return Instant.ofEpochMilli(time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' is not a time like 2026-01-15T10:00:00Z");
        }
    }
}
