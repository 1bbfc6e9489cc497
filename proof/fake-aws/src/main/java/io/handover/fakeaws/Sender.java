package io.handover.fakeaws;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends the requests of API destinations: a new connection for each, and five seconds until the end of the answer. */
final class Sender {

    private static final long TIME_LIMIT_SECONDS = 5;
    private static final int MAX_CONNECTIONS = 300;
    private static final String NO_SUCH_HOST = ".invalid";

    private final Vertx vertx;
    private final Map<String, URI> routes = new ConcurrentHashMap<>();
    private HttpClient client;

    /**
     * An answer.
     *
     * @param retryAfterSeconds the value of {@code Retry-After}, or null if there is none
     */
    record Answer(int status, @Nullable Long retryAfterSeconds) {}

    Sender(Vertx vertx) {
        this.vertx = vertx;
        this.client = client(null);
    }

    /** Trusts a certificate authority instead of the public ones. */
    void trust(String pemFile) {
        client = client(pemFile);
    }

    /** Sends the requests for a host to another address, as a DNS entry and a load balancer would. */
    void route(String host, URI target) {
        routes.put(host, target);
    }

    Future<Answer> send(String method, URI endpoint, Map<String, String> headers, String body) {
        AtomicReference<@Nullable HttpClientRequest> open = new AtomicReference<>();
        HttpClient current = client;
        URI target = routes.getOrDefault(endpoint.getHost(), endpoint);
        return vertx.executeBlocking(() -> address(target), false)
                .compose(address -> current.request(options(method, endpoint, target, address, headers)))
                .compose(request -> {
                    open.set(request);
                    return request.send(Buffer.buffer(body));
                })
                .compose(response -> response.body()
                        .map(answer -> new Answer(response.statusCode(), seconds(response.getHeader("Retry-After")))))
                .timeout(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)
                .onFailure(failure -> {
                    HttpClientRequest request = open.get();
                    if (request != null) {
                        request.reset();
                    }
                });
    }

    private HttpClient client(@Nullable String pemFile) {
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(false);
        if (pemFile != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(pemFile));
        }
        return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    }

    /** Resolves the host. The names of RFC 2606 that never exist are not asked for. */
    private static InetAddress address(URI target) throws UnknownHostException {
        if (target.getHost().endsWith(NO_SUCH_HOST)) {
            throw new UnknownHostException(target.getHost());
        }
        return InetAddress.getByName(target.getHost());
    }

    private static RequestOptions options(
            String method, URI endpoint, URI target, InetAddress address, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setServer(SocketAddress.inetSocketAddress(port(target), address.getHostAddress()))
                .setSsl(target.getScheme().equals("https"))
                .setHost(endpoint.getHost())
                .setPort(endpoint.getPort() > 0 ? endpoint.getPort() : defaultPort(target))
                .setURI(endpoint.getRawPath() + (endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery()));
        headers.forEach(options::putHeader);
        return options;
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : defaultPort(uri);
    }

    private static int defaultPort(URI uri) {
        return uri.getScheme().equals("https") ? 443 : 80;
    }

    private static @Nullable Long seconds(@Nullable String retryAfter) {
        return retryAfter != null && retryAfter.matches("-?[0-9]{1,9}") ? Long.valueOf(retryAfter) : null;
    }
}
