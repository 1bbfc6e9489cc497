package io.handover.history.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A format of files in which people keep deliveries, but that is no source: a command has to take the deliveries out. A
 * file is recognised by its first bytes, or by the fields of its first JSON value.
 */
enum ForeignFormat {
    SQS_MESSAGES("the output of aws sqs receive-message", "jq -r '.Messages[].Body'", "/Messages/0/Body"),
    SQS_EVENT("an SQS event of AWS Lambda", "jq -r '.Records[].body'", "/Records/0/body"),
    KINESIS_RECORDS("the output of aws kinesis get-records", "jq -r '.Records[].Data | @base64d'", "/Records/0/Data"),
    KINESIS_EVENT(
            "a Kinesis event of AWS Lambda", "jq -r '.Records[].kinesis.data | @base64d'", "/Records/0/kinesis/data"),
    LOG_EVENTS("the output of aws logs filter-log-events", "jq -r '.events[].message'", "/events/0/message"),
    LOG_QUERY_RESULTS(
            "the output of aws logs get-query-results",
            "jq -r '.results[][] | select(.field == \"@message\").value'",
            "/results/0/0/field",
            "/results/0/0/value"),
    /** In a download, a message that is JSON is an object, and any other message is a string. */
    LOG_QUERY_DOWNLOAD("a result of CloudWatch Logs Insights", "jq -cr '.[].\"@message\"'", "/0/@message"),
    LOG_LINES("a log with a time before each event", "sed -E 's/^[0-9]{4}-[^{]*//'"),
    /** Clock ticks, agent profiles and operators' orders are no deliveries; their record header says so. */
    KCAT(
            "the output of kcat -J",
            "jq -r 'select(.headers | tostring | test(\"clock-tick|agent-profile|operator-order\") | not) | .payload // empty'",
            "/topic",
            "/partition",
            "/offset"),
    UTF_16("UTF-16", "iconv -f UTF-16 -t UTF-8"),
    UTF_16LE("UTF-16", "iconv -f UTF-16LE -t UTF-8"),
    UTF_16BE("UTF-16", "iconv -f UTF-16BE -t UTF-8"),
    ZIP("a zip file", "unzip -p"),
    BZIP2("compressed with bzip2", "bzcat");

    private static final JsonFactory JSON = JsonFactory.builder()
            // Bytes that look like UTF-32 must not fail otherwise than as broken JSON.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:");
    private static final Pattern EVENT_AFTER_TIME = Pattern.compile("^" + TIME + "[^{\n]*\\{", Pattern.MULTILINE);

    private final String description;
    private final String command;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
    private final Set<String> fields;

    /**
     * @param description what such a file is, after "it is"
     * @param command the shell command that writes the deliveries of standard input, or of a file that is added as its
     *     last argument
     * @param fields the fields of the first JSON value that show the format, as JSON pointers; none if bytes show it
     */
    ForeignFormat(String description, String command, String... fields) {
        this.description = description;
        this.command = command;
        this.fields = Set.of(fields);
    }

    String description() {
        return description;
    }

    String command() {
        return command;
    }

    /**
     * Returns the format of a file that is no source; null if the file may be one.
     *
     * @param beginning the first bytes of the file, decompressed and without the byte order mark of UTF-8
     */
    static @Nullable ForeignFormat of(byte[] beginning) {
        ForeignFormat binary = ofBytes(beginning);
        if (binary != null) {
            return binary;
        }
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        if (TIME.matcher(text).lookingAt()) {
            return EVENT_AFTER_TIME.matcher(text).find() ? LOG_LINES : null;
        }
        Set<String> found = fields(beginning);
        return Arrays.stream(values())
                .filter(format -> !format.fields.isEmpty() && found.containsAll(format.fields))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable ForeignFormat ofBytes(byte[] beginning) {
        if (beginning.length < 4) {
            return null;
        }
        int first = ((beginning[0] & 0xFF) << 8) | (beginning[1] & 0xFF);
        int second = ((beginning[2] & 0xFF) << 8) | (beginning[3] & 0xFF);
        if (first == 0xFEFF || first == 0xFFFE) {
            return UTF_16;
        }
        if (first == 0x504B && second == 0x0304) {
            return ZIP;
        }
        if (first == 0x425A && second >> 8 == 'h') {
            return BZIP2;
        }
        if (first == 0 || second == 0) {
            return null;
        }
        // JSON begins with ASCII characters. In UTF-16, one of the two bytes of each is 0.
        if (((first | second) & 0xFF00) == 0) {
            return UTF_16BE;
        }
        return ((first | second) & 0xFF) == 0 ? UTF_16LE : null;
    }

    /**
     * Returns the fields of the first JSON value as JSON pointers, such as {@code /Messages/0/Body}. The value may break
     * off, because only the beginning of the file is given.
     */
    private static Set<String> fields(byte[] beginning) {
        Set<String> fields = new HashSet<>();
        try (JsonParser parser = JSON.createParser(beginning)) {
            do {
                if (parser.nextToken() == JsonToken.FIELD_NAME) {
                    fields.add(parser.getParsingContext().pathAsPointer().toString());
                }
            } while (!parser.getParsingContext().inRoot());
        } catch (JsonProcessingException e) {
            // The value breaks off, or is no JSON.
        } catch (IOException e) {
            throw new IllegalStateException("Expected memory to be readable, but it is not", e);
        }
        return fields;
    }
}
