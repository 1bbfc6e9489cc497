package io.handover.streams.browser;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;

/** A server of pictures: another one than that of the page, and over https, as the policy demands. */
final class Pictures implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final SelfSignedCertificate certificate = SelfSignedCertificate.create("pictures.example");
    private final HttpServer server = vertx.createHttpServer(
                    new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions()))
            .requestHandler(request -> request.response()
                    .putHeader("Content-Type", "image/svg+xml")
                    .end(FakeApi.resource("ada.svg")))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        certificate.delete();
    }
}
