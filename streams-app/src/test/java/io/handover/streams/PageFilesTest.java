package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFilesTest {

    private final Vertx vertx = Vertx.vertx();
    private final PageFiles files = PageFiles.read("test-page/");

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8, Test",
        "/index.html, text/html; charset=utf-8, Test",
        "/test.js, text/javascript; charset=utf-8, use strict"
    })
    void shouldServeAFileWithItsTypeAndTheHeadersOfSecurity(String path, String type, String content) throws Exception {
        // Given
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> files.answer(request.path(), request.response()))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        // When
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        // Then
        assertThat(response.body()).contains(content);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        assertThat(response.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(
                        policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.headers().firstValue("referrer-policy")).contains("no-referrer");
    }

    @ParameterizedTest
    @CsvSource({"/notes.odd", "/../PageFiles.class", "/test-page/test.js", "//index.html", "/INDEX.HTML"})
    void shouldHaveNoOtherFile(String path) {
        assertThat(files.has(path)).isFalse();
    }

    @Test
    void shouldHaveNoPageWithoutItsFolder() {
        assertThat(PageFiles.read("no-such-page/").has("/")).isFalse();
    }
}
