package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectEndTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; {}",
                "{}{}; {} $ {}",
                " {} , {}]; {} $ {}",
                "[{},[{}]]; {} $ {}",
                "{} x {}; {} $ x {}",
                "{}{; {} $ {",
                "x; x",
            })
    void shouldTellApartWhatStandsOnALine(String line, String pieces) {
        assertThat(ObjectEnd.split(utf8(line))).extracting(Envelopes::text).containsExactly(pieces.split(" \\$ "));
    }

    @ParameterizedTest
    @CsvSource({"{\\\"}, 4, false", "{'\\\\'}x, 6, true", "{'\\''}x, 6, true", "{'}'}, 5, true", "{'{'}, 5, true"})
    void shouldLookAtWhatIsEscaped(String json, int end, boolean isClosed) {
        // Given
        byte[] bytes = utf8(json.replace('\'', '"'));
        ObjectEnd object = new ObjectEnd();
        // When
        int found = object.find(bytes, 0, bytes.length);
        // Then
        assertThat(found < 0 ? bytes.length : found).isEqualTo(end);
        assertThat(object.isClosed()).isEqualTo(isClosed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"{'x} {'y; 5", "{'x},{'y; 5", "{'x} , {'y; 7", "{'x};-1"})
    void shouldGuessWhereTheNextOneBegins(String json, int begin) {
        // Given
        byte[] bytes = utf8(json);
        // When / Then
        assertThat(ObjectEnd.findNext(bytes, 0, bytes.length)).as(text(bytes)).isEqualTo(begin);
    }
}
