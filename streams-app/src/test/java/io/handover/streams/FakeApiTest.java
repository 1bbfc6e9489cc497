package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.streams.browser.FakeApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API that the page is tested with answers as the OpenAPI document says. */
class FakeApiTest {

    @ParameterizedTest
    @CsvSource({
        "/handovers/counts, handovers/counts",
        "/handovers/held, handovers/held",
        "/handovers/open, handovers/open",
        "/instances, instances",
        "/topology, topology",
        "/conversations/{id}, conversations/" + FakeApi.CONVERSATION
    })
    void shouldAnswerAsTheApplicationDoes(String template, String path) throws Exception {
        try (FakeApi api = FakeApi.start()) {
            // When
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(api.address() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            // Then
            assertThat(OpenApiDocument.checked(template, response).statusCode()).isEqualTo(200);
        }
    }
}
