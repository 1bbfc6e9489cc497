package io.handover.benchmark;

import io.handover.ingress.IngressBridge;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.service.ServerStart;
import io.handover.service.Settings;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * {@link Endpoint#BARE}: reads the body, sends it with the producer settings of the bridge, and answers 200 without a
 * body after the acknowledgement. It has as many event loops as the bridge, and its options of the server.
 *
 * <p>It reads neither the headers nor the delivery, and has no limits, timeouts, metrics or logs. Instead of the
 * conversation id it takes the next of many fixed keys, so that the broker has the same work.
 */
final class BareHandler {

    private static final int IDLE_SECONDS = 30;

    private static final long PAUSE_NANOS = 50_000_000;

    private static final String PORT = "http.port";

    private static final List<String> KEYS =
            IntStream.range(0, 1_024).mapToObj(i -> new UUID(i, i).toString()).toList();

    private final Producer<String, byte[]> producer;
    private final List<Header> headers = List.of(RecordKind.DELIVERY.header());
    private final AtomicInteger count = new AtomicInteger();

    private BareHandler(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** Starts the endpoint with the settings of the bridge in the environment. */
    static void run() {
        Settings settings = IngressBridge.settings().load(null, System.getenv(), Map.of());
        Producer<String, byte[]> producer = new KafkaProducer<>(
                IngressBridge.producerSettings(settings), new StringSerializer(), new ByteArraySerializer());
        awaitMetadata(producer);
        BareHandler handler = new BareHandler(producer);
        int port = settings.getInt(PORT);
        Vertx vertx = Vertx.vertx();
        HttpServerOptions options =
                new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setHttp2ClearTextEnabled(false);
        Future<String> deployed = vertx.deployVerticle(
                () -> context -> vertx.createHttpServer(options)
                        .requestHandler(handler::handle)
                        .listen(port),
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
        ServerStart.awaitListening(deployed, "all addresses", port, PORT);
    }

    /** With {@code max.block.ms=0}, no call waits for the metadata of the topic. */
    private static void awaitMetadata(Producer<String, byte[]> producer) {
        while (true) {
            try {
                producer.partitionsFor(Topics.EVENTS);
                return;
            } catch (TimeoutException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void handle(HttpServerRequest request) {
        Context context = Vertx.currentContext();
        request.body().onSuccess(body -> send(request, body, context));
    }

    private void send(HttpServerRequest request, Buffer body, Context context) {
        String key = KEYS.get(count.getAndIncrement() & (KEYS.size() - 1));
        Object unused = producer.send(
                new ProducerRecord<>(Topics.EVENTS, null, System.currentTimeMillis(), key, body.getBytes(), headers),
                (metadata, failure) -> context.runOnContext(ignored -> request.response()
                        .setStatusCode(failure == null ? 200 : 500)
                        .end()));
    }
}
