package io.handover.history.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GenerateCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StopSignal stop = new StopSignal();

    @TempDir
    Path folder;

    @Test
    void shouldWriteTheSameBytesForTheSameSeed() throws NoSuchAlgorithmException {
        // Given, When
        int code = run(out, "--conversations", "200", "--seed", "42");

        // Then
        assertThat(code).isZero();
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(out.toByteArray())))
                .isEqualTo("e527f0bec53fab4d0376eedd57ff25a57c91389ce9e7aa200baf3f9deb010620");
    }

    @Test
    void shouldWriteOtherBytesForAnotherSeed() {
        // Given
        ByteArrayOutputStream other = new ByteArrayOutputStream();

        // When
        run(out, "--conversations", "2", "--seed", "42");
        run(other, "--conversations", "2", "--seed", "43");

        // Then
        assertThat(other.toByteArray()).isNotEqualTo(out.toByteArray());
    }

    @Test
    void shouldWriteEnvelopesWithTheFieldsOfTheEvents() {
        // Given
        GeneratedTraffic traffic = new GeneratedTraffic(new GeneratedTraffic.Settings(
                7, 50, Instant.parse("2026-05-01T00:00:00Z").toEpochMilli(), 500, EnumSet.allOf(Kind.class)));

        // When
        run(out, "--conversations", "50", "--seed", "7", "--per-minute", "120", "--start", "2026-05-01T02:00:00+02:00");

        // Then
        for (Delivery read : deliveries()) {
            GeneratedDelivery meant = traffic.next();
            assertThat(read.type()).hasToString(meant.event().kind().name());
            assertThat(read.conversationId()).isEqualTo(meant.event().conversationId());
            assertThat(read.organizationId()).isEqualTo("example-organization");
            assertThat(read.eventId()).isEqualTo(meant.publication().eventId());
            assertThat(read.sentAtMs()).isEqualTo(meant.publication().sentAt());
            assertThat(Instant.parse(Objects.requireNonNull(read.time())))
                    .isEqualTo(Instant.ofEpochMilli(meant.publication().time()).truncatedTo(ChronoUnit.SECONDS));
            assertThat(read.body().eventTimeMs()).isEqualTo(meant.event().time());
            assertThat(read.body().sessionId()).isEqualTo(meant.event().session());
            assertThat(read.body().queueId()).isEqualTo(meant.event().queueId());
            assertThat(read.body().disconnectType()).isEqualTo(meant.event().disconnectType());
            assertThat(read.body().acdOutcome()).isEqualTo(meant.event().acdOutcome());
            assertThat(
                            read.type() == EventType.ACD_END
                                    ? read.body().answeredUserId()
                                    : read.body().userId())
                    .isEqualTo(meant.event().agentId());
        }
        assertThat(traffic.hasNext()).isFalse();
    }

    @Test
    void shouldWriteInTheOrderOfArrival() {
        // Given
        Set<String> ids = new HashSet<>();

        // When
        run(out, "--conversations", "200", "--per-minute", "600");

        // Then
        assertThat(deliveries().stream().filter(delivery -> ids.add(delivery.eventId())))
                .extracting(Delivery::time)
                .isSorted();
    }

    @Test
    void shouldPublishOnlyWhatIsSubscribedTo() {
        // Given, When
        run(out, "--conversations", "20", "--topics", "user.start,acw");

        // Then
        assertThat(deliveries()).extracting(Delivery::type).containsOnly(EventType.USER_START, EventType.ACW);
    }

    @Test
    void shouldCompressAFileIfItsNameSaysSo() throws IOException {
        // Given
        run(out, "--conversations", "20");

        for (String name : List.of("traffic.ndjson", "traffic.ndjson.gz", "traffic.ndjson.zst")) {
            ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();
            Path file = Files.writeString(folder.resolve(name), "earlier content");

            // When
            int code = run(standardOutput, "--conversations", "20", "--out", file.toString());

            // Then
            assertThat(code).isZero();
            assertThat(standardOutput.toByteArray()).isEmpty();
            assertThat(content(file)).isEqualTo(out.toByteArray());
        }
    }

    @Test
    void shouldSayHowMuchItWrote() {
        // Given, When
        run(out, "--conversations", "3");

        // Then
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("Wrote " + deliveries().size() + " envelopes of 3 conversations.");
    }

    @Test
    void shouldStopAfterAWholeLine() {
        // Given
        OutputStream stopping = new OutputStream() {

            @Override
            public void write(int value) {
                out.write(value);
                stop.request();
            }
        };

        // When
        int code = run(stopping, "--conversations", "100000");

        // Then
        assertThat(code).isEqualTo(130);
        assertThat(deliveries()).isNotEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("}\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("Stopped after " + deliveries().size());
    }

    @Test
    void shouldSayInOneSentenceThatAFileCannotBeWritten() {
        // Given
        Path nowhere = folder.resolve("nowhere").resolve("traffic.ndjson");

        // When
        int code = run(out, "--conversations", "1", "--out", folder.toString());
        run(out, "--conversations", "1", "--out", nowhere.toString());

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "The file " + folder + " cannot be written: Is a directory.",
                        "The file " + nowhere + " cannot be written: its folder does not exist.");
    }

    @Test
    void shouldEndWhenThePipeIsClosed() {
        // Given
        OutputStream closed = new OutputStream() {

            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        // When
        int code = run(closed, "--conversations", "100000000");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("Standard output cannot be written: it is full, or its reader has ended.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--seed 1 | Missing required option: '--conversations=N'",
                "--conversations 0 | --conversations must be from 1 to 100000000",
                "--conversations 1 --per-minute 0 | --per-minute must be from 0.01 to 1000",
                "--conversations 1 --per-minute NaN | --per-minute must be from 0.01 to 1000",
                "--conversations 1 --start today | 'today' is not a time like 2026-01-15T10:00:00Z",
                "--conversations 1 --start +99999-01-01T00:00:00Z | --start must be in a year from 1971 to 9998",
                "--conversations 1 --topics acw,wrap | 'wrap' is none of customer.start, customer.end, user.start",
            })
    void shouldRejectWrongOptions(String arguments, String sentence) {
        // Given, When
        int code = run(out, arguments.split(" "));

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(out.toByteArray()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(sentence);
    }

    private int run(OutputStream standardOutput, String... arguments) {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new CommandLine(new GenerateCommand(
                        new PrintStream(standardOutput, false, StandardCharsets.UTF_8), errors, stop))
                .setParameterExceptionHandler((e, given) -> {
                    errors.println(e.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, result) -> {
                    errors.println(e instanceof CommandException ? e.getMessage() : e.toString());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    private List<Delivery> deliveries() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> Delivery.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static byte[] content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (file.toString().endsWith(".gz")) {
            try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return unzipped.readAllBytes();
            }
        }
        if (file.toString().endsWith(".zst")) {
            try (ZstdInputStream unzipped = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
                return unzipped.readAllBytes();
            }
        }
        return bytes;
    }
}
