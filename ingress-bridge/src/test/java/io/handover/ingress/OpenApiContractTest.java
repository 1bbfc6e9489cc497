package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the check of answers accepts documented answers only. */
class OpenApiContractTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST | 200 |                                        | {"outcome":"stored"}
            POST | 400 |                                        | {"outcome":"no-key"}
            POST | 431 |                                        | {"outcome":"headers-too-large"}
            POST | 503 | retry-after: 1                         | {"outcome":"busy"}
            POST | 200 | x-more: 1                              | {"outcome":"stored"}
            GET  | 405 | allow: POST                            | {"outcome":"wrong-method"}
            HEAD | 405 | allow: POST                            | ``
            GET  | 400 |                                        | {"outcome":"malformed"}
            """)
    void shouldAcceptDocumentedAnswers(String method, int status, @Nullable String more, String body) {
        assertThatCode(() ->
                        OpenApiContract.check(method, status, headers("content-type: application/json", more), body))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST | 202 | content-type: application/json                         | {"outcome":"stored"}
            POST | 404 | content-type: application/json                         | {"outcome":"unknown-path"}
            POST | 200 | content-type: application/json                         | {"outcome":"no-key"}
            POST | 200 | content-type: application/json                         | {"outcome":"client-gone"}
            POST | 200 | content-type: application/json                         | {"outcome":"stored","more":1}
            POST | 200 | content-type: application/json                         | {}
            POST | 200 | content-type: application/json                         | ``
            POST | 200 | content-type: text/plain                               | {"outcome":"stored"}
            POST | 200 |                                                        | {"outcome":"stored"}
            POST | 503 | content-type: application/json                         | {"outcome":"busy"}
            POST | 503 | content-type: application/json, retry-after: 0         | {"outcome":"busy"}
            POST | 503 | content-type: application/json, retry-after: soon      | {"outcome":"busy"}
            POST | 405 | content-type: application/json, allow: POST            | {"outcome":"wrong-method"}
            GET  | 405 | content-type: application/json                         | {"outcome":"wrong-method"}
            GET  | 405 | content-type: application/json, allow: GET             | {"outcome":"wrong-method"}
            GET  | 200 | content-type: application/json                         | {"outcome":"stored"}
            HEAD | 405 | content-type: application/json                         | ``
            """)
    void shouldRejectOtherAnswers(String method, int status, @Nullable String headers, String body) {
        assertThatThrownBy(() -> OpenApiContract.check(method, status, headers(headers), body))
                .isInstanceOf(AssertionError.class);
    }

    private static HttpHeaders headers(@Nullable String... lines) {
        Map<String, List<String>> headers = Arrays.stream(lines)
                .filter(Objects::nonNull)
                .flatMap(line -> Arrays.stream(line.split(", ")))
                .map(line -> line.split(": "))
                .collect(Collectors.toMap(line -> line[0], line -> List.of(line[1])));
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
