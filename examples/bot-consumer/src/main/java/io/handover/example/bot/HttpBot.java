package io.handover.example.bot;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a bot: one POST per command. */
final class HttpBot implements Bot {

    /** Fifty commands of one poll, each as slow as this, must fit into {@code max.poll.interval.ms}, 5 minutes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int SUCCESSFUL = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL_SERVER_ERROR = 500;

    /** Statuses that are retried. Wrong credentials and a wrong path are among them, because somebody will correct them. */
    private static final Set<Integer> RETRIED = Set.of(401, 403, 404, 405, 408, 409, 425, 429);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI url;
    private final @Nullable String authorization;

    /** @param authorization the value of the header {@code Authorization}; null for none */
    HttpBot(URI url, @Nullable String authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    @Override
    public Answer handOver(String id, String type, byte[] command) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .header("Ce-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(command));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        // The timeout of a request ends with the headers of its answer, and a body could stall without a limit.
        CompletableFuture<HttpResponse<Void>> response =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            return answer(
                    response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).statusCode());
        } catch (ExecutionException e) {
            return new Answer(Kind.FAILED, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            response.cancel(true);
            return new Answer(Kind.FAILED, "no answer within " + TIMEOUT.toSeconds() + " s");
        }
    }

    private static Answer answer(int status) {
        if (status >= SUCCESSFUL && status < MULTIPLE_CHOICES) {
            return Answer.ACCEPTED;
        }
        boolean isRejection = status >= BAD_REQUEST && status < INTERNAL_SERVER_ERROR && !RETRIED.contains(status);
        return new Answer(isRejection ? Kind.REJECTED : Kind.FAILED, "the bot answered " + status);
    }
}
