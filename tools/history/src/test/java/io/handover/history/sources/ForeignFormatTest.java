package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.awkward;
import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.dataAction;
import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.handover.history.options.SourceOptions;
import io.handover.terminal.CommandException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ForeignFormatTest {

    private static final List<String> DELIVERIES =
            List.of(awkward("c1", 1, "ä€😀"), customerEnd("c2", 2), customerEnd("c3", 3));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = "BZIP2", mode = EnumSource.Mode.EXCLUDE) // the JDK cannot write it
    void shouldRecogniseAFormat(ForeignFormat format) throws IOException {
        // Given
        byte[] file = ForeignFiles.of(format, DELIVERIES);
        // When / Then
        assertThat(ForeignFormat.of(file)).isEqualTo(format);
        assertThat(problem(Files.write(folder.resolve("file"), file)))
                .isEqualTo(folder + "/file cannot be read: it is " + format.description() + ". Convert it with: "
                        + format.command() + ' ' + folder + "/file > " + folder + "/file.ndjson");
    }

    @Test
    void shouldRecogniseAFormatBehindAByteOrderMark() throws IOException {
        // Given
        byte[] file = ForeignFiles.of(ForeignFormat.LOG_QUERY_DOWNLOAD, DELIVERIES);
        // When / Then
        assertThat(problem(Files.write(folder.resolve("file"), utf8("\uFEFF\r\n" + text(file)))))
                .contains("CloudWatch Logs Insights");
    }

    @Test
    void shouldRecogniseBzip2() {
        assertThat(ForeignFormat.of(utf8("BZh91AY&SY"))).isEqualTo(ForeignFormat.BZIP2);
    }

    /** The first value is longer than the beginning that is looked at. */
    @ParameterizedTest
    @EnumSource(names = {"SQS_MESSAGES", "SQS_EVENT", "KINESIS_RECORDS", "LOG_EVENTS", "LOG_QUERY_RESULTS", "KCAT"})
    void shouldRecogniseAFormatByTheBeginningOfAFile(ForeignFormat format) throws IOException {
        // Given
        byte[] file = ForeignFiles.of(format, List.of(awkward("c1", 1, "x".repeat(100_000)), "{}"));
        // When / Then
        assertThat(problem(Files.write(folder.resolve("file"), file))).contains(format.command());
    }

    @Test
    void shouldNameACommandForACompressedFileAndAnAwkwardName() throws IOException {
        // Given
        byte[] file = ForeignFiles.of(ForeignFormat.SQS_EVENT, DELIVERIES);
        Path gzip = Files.write(folder.resolve("it's mine.gz"), DecompressionTest.Form.GZIP.of(file));
        Path zstd = Files.write(folder.resolve("events.zst"), DecompressionTest.Form.ZSTD.of(file));
        // When / Then
        assertThat(problem(gzip))
                .endsWith("Convert it with: gzip -dc '" + folder + "/it'\\''s mine.gz' | jq -r '.Records[].body' > '"
                        + folder + "/it'\\''s mine.gz.ndjson'");
        assertThat(problem(zstd))
                .endsWith("Convert it with: zstd -dc " + zstd + " | jq -r '.Records[].body' > " + zstd + ".ndjson");
    }

    @Test
    void shouldNameACommandForStandardInput() throws IOException {
        // Given
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(ForeignFiles.of(ForeignFormat.SQS_MESSAGES, DELIVERIES)));
        // When / Then
        try {
            assertThat(problem(Path.of("-")))
                    .isEqualTo("Standard input cannot be read: it is the output of aws sqs receive-message."
                            + " Convert it with: jq -r '.Messages[].Body'");
        } finally {
            System.setIn(before);
        }
    }

    /** unzip needs a file. */
    @Test
    void shouldNotNameUnzipForAPipe() throws IOException {
        // Given
        byte[] zip = ForeignFiles.of(ForeignFormat.ZIP, DELIVERIES);
        Path gzip = Files.write(folder.resolve("zip.gz"), DecompressionTest.Form.GZIP.of(zip));
        // When / Then
        assertThat(problem(gzip)).endsWith("it is a zip file. Unpack it into files first; unzip cannot read a pipe");
    }

    @Test
    void shouldTakeDeliveriesForWhatTheyAre() {
        // Given
        String envelope = customerEnd("c", 1);
        String likeContainers = envelope.replace(
                "\"mediaType\"",
                "\"Messages\":[{\"Body\":\"\"}],\"topic\":\"t\",\"partition\":1,\"offset\":2,\"mediaType\"");
        // When / Then
        for (String file : List.of(
                envelope,
                likeContainers,
                dataAction("c", 1),
                "[" + envelope + "," + likeContainers + "]",
                "\n[\n" + envelope,
                envelope + "\n2026-01-15T10:00:00Z " + envelope)) {
            assertThat(ForeignFormat.of(utf8(file))).as(file).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "BZ",
                "PK",
                "nonsense",
                "{}",
                "[]",
                "{\"Messages\":[]}",
                "{\"Records\":[{\"eventSource\":\"aws:s3\",\"s3\":{}}]}",
                "{\"topic\":\"t\",\"offset\":1}",
                "2026-01-15T10:00:00Z a line without an event",
                "\u0000\u0000\u0000\u0000"
            })
    void shouldNotClaimToKnowAnythingElse(String file) {
        assertThat(ForeignFormat.of(utf8(file))).isNull();
    }

    @Test
    void shouldFindTheEventsOfALogBehindOtherLines() {
        assertThat(ForeignFormat.of(utf8("2026-01-15T10:00:00Z START\n2026-01-15T10:00:00Z {\"detail\":{}}\n")))
                .isEqualTo(ForeignFormat.LOG_LINES);
    }

    private String problem(Path... sources) {
        SourceOptions options = CommandLine.populateCommand(
                new SourceOptions(), Arrays.stream(sources).map(Path::toString).toArray(String[]::new));
        try (PastDeliveries deliveries = options.open(null)) {
            return Objects.requireNonNull(catchThrowableOfType(CommandException.class, deliveries::next)
                    .getMessage());
        }
    }
}
