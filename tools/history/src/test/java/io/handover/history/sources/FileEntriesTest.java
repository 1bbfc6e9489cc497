package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileEntriesTest {

    private static final String A = "{\"a\":\"1\"}";
    private static final String B = "{\"b\":{\"c\":[{}]}}";
    private static final String TEXT = "{\"t\":\"}{[,\\\"\\\\\"}";

    /** Line ends are written as |, so that a case is one line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A|B|T",
                "A|B|T|",
                "A\r|B\r|T\r|",
                "||  A||\t|B  |\r|T|  |",
                "\uFEFFA|B|T",
                "\uFEFF||[A,B,T]",
                "ABT",
                "A B\tT|",
                "AB|T|",
                "[A,B,T]",
                "[|A,|B,|T|]|",
                "[A|,B|,T]",
                "[|  A  ,  B  , T ]  ",
                "[A][B,T]",
                "[A]|[B]|[T]|",
                "[]A|[[B],[[]],T]",
                "A|[B,T]",
            })
    void shouldFindObjectsInAnyForm(String file) {
        // Given
        String written = withLineEnds(file);
        // When
        List<RawEntry> entries = read(written);
        // Then
        assertThat(entries).extracting(entry -> text(entry.bytes())).containsExactly(A, B, TEXT);
        assertThat(entries).extracting(RawEntry::problem).containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "|", "\uFEFF", "[]", "[|]|", "[[],[]]"})
    void shouldFindNothingInAnEmptyFile(String file) {
        assertThat(read(withLineEnds(file))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // an object of several lines
                "{|  'x': {|    'y': 1|  }|}|{|  'z': 2|}|; {|  'x': {|    'y': 1|  }|} $ {|  'z': 2|}",
                "[|  {|    'x': [|      {}|    ]|  },|  {|  }|]; {|    'x': [|      {}|    ]|  } $ {|  }",
                "A|{|  'z': 2|}|A; A $ {|  'z': 2|} $ A",
                // a line that breaks off
                "{'x|A; {'x $ A",
                "{'x':{|A; {'x':{ $ A",
                "{'x':|A; {'x': $ A",
                "A|{'x':|A; A $ {'x': $ A",
                "A|{'x|A; A $ {'x $ A",
                "A|{'x':{|A; A $ {'x':{ $ A",
                "A|{'x':{; A $ {'x':{",
                // a line without an object
                "hello|A; hello $ A",
                "A|hello {'x':1}|A; A $ hello {'x':1} $ A",
                "A|7|A; A $ 7 $ A",
                "A}|A; A $ } $ A",
                // broken elements
                "[A,7,null|,'x',A]; A $ 7 $ null $ 'x' $ A",
                "[|A,|{'x,|A|]; A $ {'x, $ A",
                "[|A,|{'x':{'y':1|A|]; A $ {'x':{'y':1 $ A",
                "[|A,|{'x':{'y':1},|A|]; A $ {'x':{'y':1}, $ A",
                "[A]|[{'x]|[A]; A $ {'x] $ A",
                // a broken object of several lines, with objects in it
                "{|  'x': {|    'y': 1||}|{|  'z': 2|}; {|  'x': {|    'y': 1||} $ {|  'z': 2|}",
                "[|  {|    'x': [|      {},|      {'y'}|    ]|  },|  {|  }|]; {|    'x': [|      {},|      {'y'}|    ]|  }, $ {|  }",
            })
    void shouldReturnTheObjectsAfterABrokenOne(String file, String expected) {
        // When
        List<RawEntry> entries = read(withLineEnds(file));
        // Then
        assertThat(entries)
                .extracting(entry -> text(entry.bytes()))
                .containsExactly(withLineEnds(expected).split(" \\$ "));
        assertThat(entries).extracting(RawEntry::problem).containsOnlyNulls();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "A{'x':{A; 1; 9; {'x':{A",
                "A{'x':{'y':1}A; 1; 9; {'x':{'y':1}A",
                "A{'x':'y}AA; 1; 9; {'x':'y}AA",
                "[A,{'x':{'y':1},A,A]; 1; 11; {'x':{'y':1},A,A]",
                "[|A,|{'x',|  A|]|; 3; 13; {'x',|  A|]",
            })
    void shouldSayThatTheRestIsNotReadWhereNoLineBeginsAnotherObject(String file, long line, long at, String rest) {
        // When
        List<RawEntry> entries = read(withLineEnds(file));
        // Then
        RawEntry last = entries.get(entries.size() - 1);
        assertThat(text(last.bytes())).isEqualTo(withLineEnds(rest));
        assertThat(last.line()).isEqualTo(line);
        assertThat(last.problem())
                .isEqualTo("Expected valid JSON, but the object at line " + line + ", byte " + at + " of the content is"
                        + " broken; no later line begins another one, so the rest is not read");
        assertThat(entries.subList(0, entries.size() - 1))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(text(entry.bytes())).isEqualTo(A));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "A|B|T; 1; 2; 3",
                "||A||B|T; 3; 5; 6",
                "[|A,|{|}|,T]; 2; 3; 5",
                "{|}{|}|T; 1; 2; 4",
                "x|A|x; 1; 2; 3"
            })
    void shouldCountLinesFromOne(String file, long first, long second, long third) {
        assertThat(read(withLineEnds(file))).extracting(RawEntry::line).containsExactly(first, second, third);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[A", "[|A,|", "[[A]"})
    void shouldReportAnArrayThatIsNotClosed(String file) {
        // When
        List<RawEntry> entries = read(withLineEnds(file));
        // Then
        assertThat(entries).hasSize(2);
        assertThat(entries.get(1).problem()).isEqualTo("Expected the array to be closed by ], but the file ends");
    }

    @Test
    void shouldReturnALongLine() {
        // Given
        String longest = "{\"x\":\"" + "y".repeat(FileEntries.MAX_ENTRY_BYTES - 8) + "\"}";
        // When
        List<RawEntry> entries = read(A + "\n" + longest + "\n" + A);
        // Then
        assertThat(entries).extracting(entry -> entry.bytes().length).containsExactly(9, longest.length(), 9);
        assertThat(entries).extracting(RawEntry::line).containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A|X|A|", "A|X|A", "AXA", "[A,X,A]", "[|A,|X|,A]", "A|X{}|A"})
    void shouldKeepOnlyTheBeginningOfAnObjectThatIsTooLong(String file) {
        // Given
        String tooLong = "{\"x\":\"" + "y".repeat(FileEntries.MAX_ENTRY_BYTES + 1) + "\"}";
        // When
        List<RawEntry> entries = read(withLineEnds(file).replace("X", tooLong));
        // Then
        List<RawEntry> whole =
                entries.stream().filter(entry -> entry.problem() == null).toList();
        List<RawEntry> broken =
                entries.stream().filter(entry -> entry.problem() != null).toList();
        assertThat(text(whole.get(0).bytes())).isEqualTo(A);
        assertThat(text(whole.get(whole.size() - 1).bytes())).isEqualTo(A);
        assertThat(broken).singleElement().satisfies(entry -> {
            assertThat(entry.bytes()).hasSize(1024);
            assertThat(entry.problem()).isEqualTo("Expected an object of at most 16 MiB, but it is longer");
        });
    }

    @Test
    void shouldSkipABinaryFile() {
        // Given
        String binary = "\u0001".repeat(FileEntries.MAX_ENTRY_BYTES + 1);
        // When
        List<RawEntry> entries = read(binary + "\n" + A);
        // Then
        assertThat(entries).extracting(RawEntry::line).containsExactly(1L, 2L);
        assertThat(entries.get(0).problem())
                .isEqualTo("Expected an object, but found something else of more than 16 MiB");
        assertThat(text(entries.get(1).bytes())).isEqualTo(A);
    }

    @Test
    void shouldReadAHugeLineOfObjectsPieceByPiece() throws IOException {
        // Given
        int count = 4_000_000;
        InputStream repeated = new SequenceInputStream(
                Collections.enumeration(Collections.nCopies(count / 1_000, utf8(A.repeat(1_000))).stream()
                        .map(ByteArrayInputStream::new)
                        .toList()));
        // When
        long found = 0;
        long largest = 0;
        try (FileEntries entries = new FileEntries(repeated)) {
            for (List<RawEntry> piece = entries.read(1_000); !piece.isEmpty(); piece = entries.read(1_000)) {
                found += piece.size();
                largest = Math.max(largest, piece.size());
            }
        }
        // Then
        assertThat(found).isEqualTo(count);
        assertThat(largest).isLessThan(200);
    }

    @Test
    void shouldReturnTheEntriesBeforeAFailureFirst() throws IOException {
        // Given
        InputStream failing =
                new SequenceInputStream(new ByteArrayInputStream(utf8(A + "\n" + A + "\n{\"x")), broken());
        try (FileEntries entries = new FileEntries(failing)) {
            // When
            List<RawEntry> before = entries.read(1_000_000);
            // Then
            assertThat(before).hasSize(2);
            assertThatThrownBy(() -> entries.read(1_000_000))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken");
        }
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("broken");
            }
        };
    }

    private static String withLineEnds(String file) {
        return file.replace('|', '\n')
                .replace("A", A)
                .replace("B", B)
                .replace("T", TEXT)
                .replace('\'', '"');
    }

    private static List<RawEntry> read(String file) {
        List<RawEntry> all = new ArrayList<>();
        try (FileEntries entries = new FileEntries(new ByteArrayInputStream(utf8(file)))) {
            for (List<RawEntry> piece = entries.read(1); !piece.isEmpty(); piece = entries.read(1)) {
                all.addAll(piece);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }
}
