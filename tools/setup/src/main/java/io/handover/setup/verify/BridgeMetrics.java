package io.handover.setup.verify;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics of all instances of the bridge.
 *
 * @param urls the addresses of the metrics
 */
public record BridgeMetrics(List<URI> urls) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern UNWANTED =
            Pattern.compile("(?m)^handover_deliveries_unwanted_total\\{reason=\"unwanted-media\"[^}]*} (\\S+)");

    public BridgeMetrics {
        urls = List.copyOf(urls);
    }

    /**
     * Returns how many events of an unwanted medium the bridges have counted.
     *
     * @throws CommandException if an instance does not answer, or is no bridge
     */
    public double unwantedMedia() {
        return urls.stream().mapToDouble(BridgeMetrics::unwantedMedia).sum();
    }

    private static double unwantedMedia(URI url) {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            Matcher matcher = UNWANTED.matcher(response.body());
            if (response.statusCode() != 200 || !matcher.find()) {
                throw new CommandException(url + " has no metrics of ingress-bridge. Correct bridge.metrics.urls.");
            }
            return Double.parseDouble(matcher.group(1));
        } catch (IOException e) {
            throw new CommandException(
                    url + " does not answer: " + e.getClass().getSimpleName() + ". Correct bridge.metrics.urls.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for " + url + ".", e);
        }
    }
}
