package io.handover.streams;

import io.handover.streams.Installation.Question;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Asks other instances of the application over their management ports. No question takes longer than two seconds. */
final class OtherInstances {

    /** Marks a question of another instance, which is answered from the partitions of this instance alone. */
    static final String FORWARDED = "Handover-Forwarded";

    private static final int TIMEOUT_MS = 2_000;
    private static final int CONNECTIONS_PER_INSTANCE = 8;
    private static final int WAITING_MAX = 64;

    /** More than the largest page. A wrong process at an address must not fill the memory. */
    private static final int ANSWER_MAX_BYTES = 4 * 1024 * 1024;

    private final HttpClientAgent client;
    private final boolean isTls;

    /** An answer of another instance. */
    record Answer(int status, JsonObject body) {}

    /** @param trustFile the certificates that are trusted; null for those that Java trusts */
    OtherInstances(Vertx vertx, boolean isTls, @Nullable Path trustFile) {
        this.isTls = isTls;
        HttpClientOptions options =
                new HttpClientOptions().setConnectTimeout(TIMEOUT_MS).setMaxRedirects(0);
        if (isTls && trustFile != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(trustFile.toString()));
        }
        this.client = vertx.createHttpClient(
                options,
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_INSTANCE).setMaxWaitQueueSize(WAITING_MAX));
    }

    /** Asks an instance with the token of the operator who asked this one. */
    Future<Answer> ask(HostInfo instance, Question question) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(instance.host())
                .setPort(instance.port())
                .setSsl(isTls)
                .setURI(question.uri())
                .setFollowRedirects(false)
                .setTimeout(TIMEOUT_MS)
                .putHeader(HttpHeaders.AUTHORIZATION, question.authorization())
                .putHeader(FORWARDED, "1");
        if (question.isShared()) {
            request.putHeader(HttpHeaders.CACHE_CONTROL, ManagementApi.SHARED);
        }
        Future<Answer> asked = ((HttpClient) client)
                .request(request)
                .compose(sent -> sent.send().compose(OtherInstances::read).onFailure(e -> sent.reset()));
        return asked.timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private static Future<Answer> read(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.handler(piece -> {
            if (body.length() + piece.length() > ANSWER_MAX_BYTES) {
                response.request().reset();
            } else {
                body.appendBuffer(piece);
            }
        });
        return response.end().map(ended -> answer(response.statusCode(), body));
    }

    private static Answer answer(int status, Buffer body) {
        try {
            return new Answer(status, body.toJsonObject());
        } catch (DecodeException | ClassCastException e) {
            return new Answer(RequestException.UNAVAILABLE, new JsonObject());
        }
    }
}
