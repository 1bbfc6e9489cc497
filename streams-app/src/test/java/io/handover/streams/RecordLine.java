package io.handover.streams;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as one line that people can read, and reads it again: time, key, value and headers, separated by tabs.
 * Bytes that are no text in UTF-8 are in Base64.
 */
final class RecordLine {

    private static final String BASE64 = "base64:";
    private static final String NULL = "null";
    private static final String SEPARATOR = "\t";
    private static final int FIRST_HEADER = 3;

    private RecordLine() {}

    static String of(TestRecord<byte[], byte[]> record) {
        List<String> fields = new ArrayList<>();
        fields.add(String.valueOf(record.timestamp()));
        fields.add(text(record.key()));
        fields.add(text(record.value()));
        for (Header header : record.headers()) {
            fields.add(header.key() + '=' + text(header.value()));
        }
        return String.join(SEPARATOR, fields);
    }

    static TestRecord<byte[], byte[]> read(String line) {
        String[] fields = line.split(SEPARATOR, -1);
        Headers headers = new RecordHeaders();
        for (int i = FIRST_HEADER; i < fields.length; i++) {
            int end = fields[i].indexOf('=');
            headers.add(fields[i].substring(0, end), bytes(fields[i].substring(end + 1)));
        }
        return new TestRecord<>(bytes(fields[1]), bytes(fields[2]), headers, Long.parseLong(fields[0]));
    }

    private static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return NULL;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean isPlain = !text.isEmpty()
                    && !text.startsWith(BASE64)
                    && !text.equals(NULL)
                    && text.codePoints().noneMatch(Character::isISOControl);
            return isPlain ? text : base64(bytes);
        } catch (CharacterCodingException e) {
            return base64(bytes);
        }
    }

    private static String base64(byte[] bytes) {
        return BASE64 + Base64.getEncoder().encodeToString(bytes);
    }

    private static byte @Nullable [] bytes(String text) {
        if (text.equals(NULL)) {
            return null;
        }
        return text.startsWith(BASE64)
                ? Base64.getDecoder().decode(text.substring(BASE64.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }
}
