package io.handover.fakeaws;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of CBOR that the protocol of CloudWatch needs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class Cbor {

    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xff;
    private static final int EPOCH_SECONDS = 1;

    private Cbor() {}

    static byte[] encode(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    static Object decode(byte[] bytes) {
        Object value = bytes.length == 0 ? Map.of() : read(ByteBuffer.wrap(bytes));
        if (value == null) {
            throw new IllegalArgumentException("Expected a value, but found null");
        }
        return value;
    }

    private static void write(ByteArrayOutputStream out, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            writeHead(out, MAP, map.size());
            map.forEach((key, element) -> {
                write(out, key);
                write(out, element);
            });
        } else if (value instanceof List<?> list) {
            writeHead(out, ARRAY, list.size());
            list.forEach(element -> write(out, element));
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            writeHead(out, TEXT, bytes.length);
            out.writeBytes(bytes);
        } else if (value instanceof Instant instant) {
            writeHead(out, TAG, EPOCH_SECONDS);
            write(out, instant.toEpochMilli() / 1_000.0);
        } else if (value instanceof Double number) {
            out.write(0xfb);
            out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
        } else if (value instanceof Number number) {
            long integer = number.longValue();
            writeHead(out, integer < 0 ? NEGATIVE : UNSIGNED, integer < 0 ? -1 - integer : integer);
        } else if (value instanceof Boolean bool) {
            out.write(bool ? 0xf5 : 0xf4);
        } else if (value == null) {
            out.write(0xf6);
        } else {
            throw new IllegalArgumentException("Expected a value of CBOR, but found " + value.getClass());
        }
    }

    private static void writeHead(ByteArrayOutputStream out, int major, long value) {
        if (value < 24) {
            out.write(major << 5 | (int) value);
        } else {
            out.write(major << 5 | 27);
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        }
    }

    private static @Nullable Object read(ByteBuffer in) {
        int head = in.get() & 0xff;
        int major = head >> 5;
        int low = head & 31;
        if (major == 7) {
            return readSimple(in, low);
        }
        long length = low == INDEFINITE ? Long.MAX_VALUE : readLength(in, low);
        return switch (major) {
            case UNSIGNED -> length;
            case NEGATIVE -> -1 - length;
            case BYTES, TEXT -> readText(in, length);
            case ARRAY -> readArray(in, length);
            case MAP -> readMap(in, length);
            default -> read(in); // what a tag says of its value does not matter here
        };
    }

    private static @Nullable Object readSimple(ByteBuffer in, int low) {
        return switch (low) {
            case 20 -> false;
            case 21 -> true;
            case 22, 23 -> null;
            case 26 -> (double) in.getFloat();
            case 27 -> in.getDouble();
            default -> throw new IllegalArgumentException("Expected a simple value, but found " + low);
        };
    }

    private static long readLength(ByteBuffer in, int low) {
        return switch (low) {
            case 24 -> in.get() & 0xffL;
            case 25 -> in.getShort() & 0xffffL;
            case 26 -> in.getInt() & 0xffffffffL;
            case 27 -> in.getLong();
            default -> low;
        };
    }

    private static String readText(ByteBuffer in, long length) {
        if (length == Long.MAX_VALUE) {
            StringBuilder text = new StringBuilder();
            while (!isAtEnd(in)) {
                text.append(read(in));
            }
            return text.toString();
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<@Nullable Object> readArray(ByteBuffer in, long length) {
        List<@Nullable Object> list = new ArrayList<>();
        while (length == Long.MAX_VALUE ? !isAtEnd(in) : list.size() < length) {
            list.add(read(in));
        }
        return list;
    }

    private static Map<String, @Nullable Object> readMap(ByteBuffer in, long length) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (long i = 0; length == Long.MAX_VALUE ? !isAtEnd(in) : i < length; i++) {
            map.put(String.valueOf(read(in)), read(in));
        }
        return map;
    }

    /** Whether the next byte ends an indefinite length. It is consumed then. */
    private static boolean isAtEnd(ByteBuffer in) {
        if ((in.get(in.position()) & 0xff) != BREAK) {
            return false;
        }
        in.get();
        return true;
    }
}
