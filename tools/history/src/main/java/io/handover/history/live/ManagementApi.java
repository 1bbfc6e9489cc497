package io.handover.history.live;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.terminal.PrintableText;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API of the management port of streams-app. Answers are bounded in time and size. Redirects are not followed,
 * because the token would go with them.
 */
public final class ManagementApi {

    private static final int MAX_BODY_BYTES = 16 << 20;
    private static final int MAX_SENTENCE = 500;

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int UNAUTHORIZED = 401;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final URI url;
    private final String token;
    private final Duration timeout;

    /**
     * @param url the address of the management port, without a slash at its end
     * @param tls the trusted certificates
     */
    ManagementApi(URI url, String token, SSLContext tls, Duration timeout) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(tls)
                .build();
        this.url = url;
        this.token = token;
        this.timeout = timeout;
    }

    /** Returns the state of a conversation. */
    Answer conversation(String id) {
        return send(request("/conversations/" + encoded(id)).GET());
    }

    /**
     * Returns the state of a conversation, for {@link LiveConversation#of}.
     *
     * @throws io.handover.terminal.CommandException if the conversation is unknown, or streams-app does not answer
     */
    public JsonNode requireConversation(String id) {
        return conversation(id).require();
    }

    /**
     * Returns a page of handovers.
     *
     * @param list {@code held} or {@code open}
     * @param after the cursor of the page before; null for the first page
     */
    Answer handovers(String list, int limit, @Nullable String after) {
        return send(
                request("/handovers/" + list + "?limit=" + limit + (after == null ? "" : "&after=" + encoded(after)))
                        .GET());
    }

    /**
     * Sends an order about a conversation.
     *
     * @param action {@code end} or {@code release}
     */
    Answer order(String conversationId, String action, Order order) {
        return post("/conversations/" + encoded(conversationId) + '/' + action, order);
    }

    /** Sends an order to forget the name and picture of an agent. */
    Answer forget(String agentId, Order order) {
        return post("/agents/" + encoded(agentId) + "/forget", order);
    }

    private Answer post(String path, Order order) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("operator", order.operator());
        body.put("reason", order.reason());
        if (order.cycle() != null) {
            body.put("cycle", order.cycle());
        }
        body.put("orderId", order.orderId().toString());
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request.build(), headers -> new BoundedBody(MAX_BODY_BYTES));
        try {
            // The time limit of a request ends with the head of its answer. This one is for the body too.
            return read(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return none(url + " does not answer within " + timeout.toSeconds() + " s.");
        } catch (ExecutionException e) {
            return none(failure(Objects.requireNonNullElse(e.getCause(), e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return none("Interrupted while waiting for " + url + '.');
        } finally {
            answer.cancel(true);
        }
    }

    private Answer read(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode json = json(response.body());
        if (status == OK || status == ACCEPTED) {
            return json.isObject() ? new Answer(status, json, "") : failed(status, notStreamsApp(status));
        }
        if (status == UNAUTHORIZED) {
            return failed(
                    status,
                    url + " does not accept the token. Give a token of its setting management.read.tokens or"
                            + " management.steer.tokens in " + ManagementOptions.TOKEN_VARIABLE
                            + ", or a file with it to --token-file.");
        }
        String sentence = json.path("error").asText("");
        return failed(status, sentence.isBlank() ? notStreamsApp(status) : shortened(sentence));
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read bytes, but failed", e);
        }
    }

    private static String shortened(String sentence) {
        String printable = PrintableText.of(sentence);
        return printable.length() <= MAX_SENTENCE ? printable : printable.substring(0, MAX_SENTENCE) + '…';
    }

    private String notStreamsApp(int status) {
        return url + " answers " + status + ", but not as streams-app does. Correct --url: it is the management port of"
                + " streams-app, by default 8082.";
    }

    private String failure(Throwable cause) {
        if (cause instanceof BoundedBody.TooLargeException) {
            return url + " answers with more than " + (MAX_BODY_BYTES >> 20)
                    + " MiB. Correct --url, or give a smaller --limit.";
        }
        if (cause instanceof SSLException) {
            return url + " is not trusted: " + shortened(String.valueOf(cause.getMessage()))
                    + ". If its certificate is of your own authority, give the authority's certificate to --trust-store.";
        }
        // Not the message of the cause: it can contain a part of the answer.
        return url + " cannot be reached (" + cause.getClass().getSimpleName()
                + "). Check the address, and that streams-app runs.";
    }

    private static Answer failed(int status, String problem) {
        return new Answer(status, MissingNode.getInstance(), problem);
    }

    private static Answer none(String problem) {
        return failed(Answer.NONE, problem);
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
