package io.handover.history.replay;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a speed: {@code max}, {@code realtime}, or a factor such as {@code 10x} or {@code 0.5x}. */
final class SpeedConverter implements ITypeConverter<Double> {

    private static final Pattern FACTOR = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,6})?x");

    @Override
    public Double convert(String text) {
        if (text.equals("max")) {
            return ReplaySpeed.MAX;
        }
        if (text.equals("realtime")) {
            return 1.0;
        }
        double factor = FACTOR.matcher(text).matches() ? Double.parseDouble(text.substring(0, text.length() - 1)) : 0;
        if (factor == 0) {
            throw new TypeConversionException("'" + text + "' is not a speed like max, realtime, 10x or 0.5x");
        }
        return factor;
    }
}
