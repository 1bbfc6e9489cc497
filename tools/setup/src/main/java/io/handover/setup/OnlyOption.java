package io.handover.setup;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for one half of a set-up, for companies in which two teams own them. */
final class OnlyOption {

    @Option(
            names = "--only",
            paramLabel = "aws|genesys",
            converter = HalfConverter.class,
            description = "Only one half of the set-up.")
    @Nullable
    Half half;

    /** One half of a set-up. */
    enum Half {
        AWS,
        GENESYS
    }

    /** Parses {@code aws} or {@code genesys}. */
    static final class HalfConverter implements ITypeConverter<Half> {
        @Override
        public Half convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "aws" -> Half.AWS;
                case "genesys" -> Half.GENESYS;
                default -> throw new TypeConversionException("'" + text + "' is neither aws nor genesys");
            };
        }
    }
}
