package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.awkward;
import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.drain;
import static io.handover.history.sources.Envelopes.json;
import static io.handover.history.sources.Envelopes.millis;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.handover.history.options.SourceOptions;
import io.handover.terminal.CommandException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Files of deliveries, as a command reads them. */
class PastDeliveriesTest {

    @TempDir
    private Path folder;

    @Test
    void shouldMergeFilesInTheOrderOfTime() throws IOException {
        // Given
        Path a = file("a.ndjson", customerEnd("a", 1), customerEnd("a", 3), customerEnd("a", 3), customerEnd("a", 9));
        Path b = file("b.ndjson", customerEnd("b", 2), customerEnd("b", 3), customerEnd("b", 4));
        // When
        try (PastDeliveries deliveries = open(a, b)) {
            // Then
            assertThat(json(drain(deliveries)))
                    .containsExactly(
                            customerEnd("a", 1),
                            customerEnd("b", 2),
                            customerEnd("a", 3),
                            customerEnd("a", 3),
                            customerEnd("b", 3),
                            customerEnd("b", 4),
                            customerEnd("a", 9));
            assertThat(deliveries.next()).isNull();
            assertThat(deliveries.time()).isEqualTo(millis(9));
            assertThat(deliveries.fraction()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepTheOrderOfAFileWhoseTimesGoBack() throws IOException {
        // Given
        Path a = file("a.ndjson", customerEnd("a", 5), customerEnd("a", 1), customerEnd("a", 6));
        Path b = file("b.ndjson", customerEnd("b", 2), customerEnd("b", 7));
        // When
        List<Long> times = new ArrayList<>();
        List<PastDelivery> read = new ArrayList<>();
        try (PastDeliveries deliveries = open(a, b)) {
            for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
                read.add(next);
                times.add(deliveries.time());
            }
        }
        // Then
        assertThat(read)
                .extracting(PastDelivery::time)
                .containsExactly(millis(2), millis(5), millis(1), millis(6), millis(7));
        assertThat(times).containsExactly(millis(2), millis(5), millis(5), millis(6), millis(7));
    }

    @Test
    void shouldNotGoBackBehindAFirstDeliveryThatIsNotSelected() throws IOException {
        // Given
        Path a = file("a.ndjson", customerEnd("a", 5), customerEnd("x", 1));
        Path b = file("b.ndjson", customerEnd("x", 2), customerEnd("x", 7));
        // When
        List<Long> times = new ArrayList<>();
        try (PastDeliveries deliveries = options(a.toString(), b.toString()).open("x")) {
            while (deliveries.next() != null) {
                times.add(deliveries.time());
            }
        }
        // Then
        assertThat(times).hasSize(3).isSorted();
    }

    @Test
    void shouldReadAFileOnceHoweverOftenItIsNamed() throws IOException {
        // Given
        Path file = file("a.ndjson", customerEnd("a", 1));
        Path link = Files.createSymbolicLink(folder.resolve("link.ndjson"), file);
        // When
        try (PastDeliveries deliveries = open(file, folder, file, link, folder.resolve("../" + folder.getFileName()))) {
            // Then
            List<PastDelivery> read = drain(deliveries);
            assertThat(read).extracting(PastDelivery::source).containsExactly(file.toString());
        }
    }

    @Test
    void shouldReadAFolderWithAllThatIsInIt() throws IOException {
        // Given
        file("2026/01/15/10/part-1", customerEnd("a", 1));
        file("2026/01/15/11/part-2.gz", customerEnd("a", 2));
        file(".hidden", "broken");
        file(".git/config", "broken");
        file("broken-deliveries.ndjson", "of an earlier run");
        Path link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
        // When
        try (PastDeliveries deliveries = options(link.toString(), "--broken", folder + "/broken-deliveries.ndjson")
                .open(null)) {
            // Then
            assertThat(json(drain(deliveries))).containsExactly(customerEnd("a", 1), customerEnd("a", 2));
            assertThat(deliveries.broken()).isZero();
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void shouldCountWhatIsBrokenOnceAndWriteItDown() throws IOException {
        // Given
        Path a = file("a.ndjson", "broken", customerEnd("a", 2), "broken too", customerEnd("a", 4));
        Path b = file("b.ndjson", customerEnd("b", 1).replace("MESSAGE", "VOICE"), "hello");
        Path broken = folder.resolve("broken");
        // When
        try (PastDeliveries deliveries = options(a.toString(), b.toString(), "--broken", broken.toString())
                .open(null)) {
            // Then
            assertThat(drain(deliveries)).hasSize(2);
            assertThat(deliveries.broken()).isEqualTo(3);
            assertThat(deliveries.unwanted()).isEqualTo(1);
            assertThat(deliveries.summary()).isEqualTo("""
                            Read 2 deliveries. Left out: 1 of another medium.
                            3 entries that cannot be read, in %1$s/broken; the first is %1$s/a.ndjson, line 1: Expected an \
                            EventBridge envelope or a data-action body, but it is broken JSON at line 1, column 1.""".formatted(folder));
        }
        assertThat(Files.readAllLines(broken)).hasSize(3);
    }

    @Test
    void shouldRequireADeliveryThatIsWanted() throws IOException {
        // Given
        String voice = customerEnd("a", 1).replace("MESSAGE", "VOICE");
        Path unwanted = file("a.ndjson", voice, voice, "{\"topic\":\"v2.users.presence\"}");
        Path broken = file("b.ndjson", "{}", "{}");
        // When / Then
        assertThat(problem(unwanted))
                .isEqualTo("No wanted delivery was found, only 1 of another topic and 2 of another medium.");
        assertThat(problem(unwanted, broken))
                .isEqualTo(
                        "No wanted delivery was found, only 1 of another topic and 2 of another medium, and 2 entries"
                                + " that cannot be read, in %1$s/broken; the first is %1$s/b.ndjson, line 1: "
                                        .formatted(folder)
                                + "Expected an EventBridge envelope with 'detail' or a data-action body with 'topic', but found"
                                + " neither.");
        assertThat(problem(broken)).startsWith("No wanted delivery was found, only 2 entries that cannot be read");
    }

    @Test
    void shouldAcceptThatNothingIsThereOrSelected() throws IOException {
        // Given
        Path empty = file("empty.ndjson", "");
        Path another = file("a.ndjson", customerEnd("a", 1));
        // When / Then
        try (PastDeliveries deliveries =
                options(empty.toString(), another.toString()).open("b")) {
            assertThat(drain(deliveries)).isEmpty();
            deliveries.requireWanted();
            assertThat(deliveries.summary()).isEqualTo("Read 0 deliveries. Left out: 1 not selected.");
        }
        try (PastDeliveries deliveries = open(empty)) {
            assertThat(drain(deliveries)).isEmpty();
            deliveries.requireWanted();
            assertThat(deliveries.summary()).isEqualTo("Read 0 deliveries.");
        }
    }

    private String problem(Path... sources) {
        List<String> arguments =
                new ArrayList<>(List.of("--broken", folder.resolve("broken").toString()));
        Arrays.stream(sources).map(Path::toString).forEach(arguments::add);
        try (PastDeliveries deliveries =
                options(arguments.toArray(String[]::new)).open(null)) {
            assertThat(drain(deliveries)).isEmpty();
            return Objects.requireNonNull(catchThrowableOfType(CommandException.class, deliveries::requireWanted)
                    .getMessage());
        }
    }

    @Test
    void shouldHaveFewFilesOpenAtATime() throws IOException {
        // Given
        for (int i = 0; i < 300; i++) {
            file("part-" + i, customerEnd("a", i), customerEnd("b", i + 5), customerEnd("c", 500));
        }
        long before = openFiles();
        long most = 0;
        int count = 0;
        // When
        try (PastDeliveries deliveries = open(folder)) {
            while (deliveries.next() != null) {
                count++;
                most = Math.max(most, openFiles());
            }
        }
        // Then
        assertThat(count).isEqualTo(900);
        assertThat(most - before).isLessThan(20);
        assertThat(openFiles()).isLessThanOrEqualTo(before + 2);
    }

    @Test
    void shouldCloseWhatWasNotReadToItsEnd() throws IOException {
        // Given
        String[] many = IntStream.range(0, 40_000)
                .mapToObj(i -> awkward("c" + i, i, "n"))
                .toArray(String[]::new);
        Path a = file("a.ndjson", many);
        Path b = file("b.ndjson.gz", many);
        long before = openFiles();
        // When
        PastDeliveries deliveries = open(a, b);
        deliveries.next();
        assertThat(deliveries.fraction()).isBetween(0.05, 0.95);
        deliveries.close();
        // Then
        assertThat(openFiles()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.ndjson.gz", "cut.ndjson.zst"})
    void shouldReadWhatIsWholeAndSayThatTheRestIsMissing(String name) throws IOException {
        // Given
        String[] lines = IntStream.range(0, 3_000)
                .mapToObj(i -> awkward("c" + i * 7919 % 3_000, i, "n" + i))
                .toArray(String[]::new);
        Path whole = file(name, lines);
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        List<PastDelivery> read = new ArrayList<>();
        // When
        try (PastDeliveries deliveries = open(whole)) {
            // Then
            assertThatThrownBy(() -> {
                        for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
                            read.add(next);
                        }
                    })
                    .isInstanceOf(CommandException.class)
                    .hasMessageStartingWith(whole + " cannot be read: ")
                    .hasMessageNotContaining("null");
        }
        assertThat(read.size()).isGreaterThan(100);
        assertThat(json(read)).isEqualTo(List.of(lines).subList(0, read.size()));
    }

    @Test
    void shouldReadStandardInputAndLeaveItOpen() throws IOException {
        // Given
        InputStream before = System.in;
        byte[] archive = DecompressionTest.gzip(utf8(customerEnd("a", 1)));
        boolean[] closed = {false};
        System.setIn(new ByteArrayInputStream(archive) {
            @Override
            public void close() {
                closed[0] = true;
            }
        });
        // When
        try (PastDeliveries deliveries =
                options("-", file("b", customerEnd("b", 0)).toString()).open(null)) {
            // Then
            List<PastDelivery> read = drain(deliveries);
            assertThat(read).extracting(PastDelivery::source).last().isEqualTo("Standard input");
            assertThat(read).hasSize(2);
            assertThat(deliveries.fraction()).isNegative();
            assertThat(closed[0]).isFalse();
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void shouldReadAPipe() throws Exception {
        // Given
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path gz = file("a.ndjson.gz", customerEnd("a", 1), customerEnd("a", 2));
        Process writer = new ProcessBuilder("sh", "-c", "cat '" + gz + "' '" + gz + "' > '" + pipe + "'").start();
        // When
        try (PastDeliveries deliveries = open(pipe)) {
            // Then
            assertThat(drain(deliveries)).hasSize(4);
            assertThat(deliveries.fraction()).isNegative();
        } finally {
            writer.waitFor();
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private Path file(String name, String... lines) throws IOException {
        byte[] content = utf8(String.join("\n", lines) + "\n");
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        if (name.endsWith(".gz")) {
            return Files.write(file, DecompressionTest.Form.GZIP.of(content));
        }
        return Files.write(file, name.endsWith(".zst") ? DecompressionTest.Form.ZSTD.of(content) : content);
    }

    private PastDeliveries open(Path... sources) {
        return options(Arrays.stream(sources).map(Path::toString).toArray(String[]::new))
                .open(null);
    }

    private SourceOptions options(String... arguments) {
        SourceOptions options = new SourceOptions();
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--broken")) {
            all.addAll(List.of("--broken", folder.resolve("none/broken.ndjson").toString()));
        }
        new CommandLine(options).parseArgs(all.toArray(String[]::new));
        return options;
    }
}
