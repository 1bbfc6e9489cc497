package io.handover.setup.verify;

import io.handover.terminal.CommandException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics of all instances of the bridge. */
public final class BridgeMetrics {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern UNWANTED =
            Pattern.compile("(?m)^handover_deliveries_unwanted_total\\{reason=\"unwanted-media\"[^}]*} (\\S+)");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final List<URI> urls;

    /** @param urls the addresses of the metrics */
    public BridgeMetrics(List<URI> urls) {
        this.urls = List.copyOf(urls);
    }

    /**
     * Returns how many events of an unwanted medium the bridges have counted.
     *
     * @throws CommandException if an instance does not answer, or is no bridge
     */
    public double unwantedMedia() {
        return urls.stream().mapToDouble(this::unwantedMedia).sum();
    }

    private double unwantedMedia(URI url) {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
        try {
            // The time limit of a request ends with the head of its answer. This one is for the body too.
            HttpResponse<String> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Matcher matcher = UNWANTED.matcher(response.body());
            if (response.statusCode() != 200 || !matcher.find()) {
                throw new CommandException(url + " has no metrics of ingress-bridge. Correct bridge.metrics.urls.");
            }
            return Double.parseDouble(matcher.group(1));
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new CommandException(
                    url + " does not answer: " + cause.getClass().getSimpleName() + ". Correct bridge.metrics.urls.",
                    cause);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for " + url + ".", e);
        }
    }
}
