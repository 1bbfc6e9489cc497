package io.handover.setup;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One half of a set-up, for companies in which two teams own them. */
enum Half {
    AWS,
    GENESYS;

    /** Parses {@code aws} or {@code genesys}. */
    static final class Converter implements ITypeConverter<Half> {
        @Override
        public Half convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "aws" -> AWS;
                case "genesys" -> GENESYS;
                default -> throw new TypeConversionException("'" + text + "' is neither aws nor genesys");
            };
        }
    }
}
