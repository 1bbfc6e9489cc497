package io.handover.example.bot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a bot: one POST per command. */
final class Bot {

    /** Fifty commands of one poll, each as slow as this, must fit into {@code max.poll.interval.ms}, 5 minutes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int SUCCESSFUL = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL_SERVER_ERROR = 500;

    /** Answers that say: not now. Wrong credentials are among them, because somebody will correct them. */
    private static final Set<Integer> NOT_NOW = Set.of(401, 403, 408, 409, 425, 429);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI url;
    private final @Nullable String authorization;

    /** What the bot did with a command. */
    enum Kind {
        /** The bot has the command. */
        ACCEPTED,
        /** The bot will never take the command. */
        REJECTED,
        /** The bot may take the command later. */
        FAILED
    }

    /** @param reason why the command was not accepted, for people; empty if it was */
    record Answer(Kind kind, String reason) {}

    /** @param authorization the value of the header {@code Authorization}; null for none */
    Bot(URI url, @Nullable String authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    /**
     * Hands a command over.
     *
     * @param id the idempotency key: the bot must ignore a command that it has already had
     */
    Answer handOver(String id, String type, byte[] command) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .header("Ce-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(command));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return answer(client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode());
        } catch (IOException e) {
            return new Answer(Kind.FAILED, e.toString());
        }
    }

    private static Answer answer(int status) {
        if (status >= SUCCESSFUL && status < MULTIPLE_CHOICES) {
            return new Answer(Kind.ACCEPTED, "");
        }
        boolean isRejection = status >= BAD_REQUEST && status < INTERNAL_SERVER_ERROR && !NOT_NOW.contains(status);
        return new Answer(isRejection ? Kind.REJECTED : Kind.FAILED, "the bot answered " + status);
    }
}
