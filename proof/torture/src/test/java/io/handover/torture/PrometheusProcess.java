package io.handover.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.embeddedkafka.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A Prometheus in a process of its own, with the alerts of the product. */
final class PrometheusProcess implements AutoCloseable {

    static final Path RULES = Path.of("..", "..", "docs", "prometheus", "handover.rules.yml");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long ENDED_WITHIN_SECONDS = 20;
    private static final int OK = 200;

    /**
     * Alerts with the shortest {@code for} explain others, so they must still come first. The one of a single instance waits
     * for longer than a process needs to start.
     */
    private static final Map<String, String> SHORT = Map.of("1m", "2s", "2m", "6s", "10m", "12s");

    private static final String OTHERS = "8s";
    private static final Pattern FOR = Pattern.compile("(?m)^( +for: )([0-9]+[mhd])$");
    private static final Pattern RANGE = Pattern.compile("\\[[0-9]+[mhd]]");

    /** Processes need some seconds to start, so that several starts need more than the other ranges have. */
    private static final Map<String, String> LONGER = Map.of("[30m]", "[30s]");

    private static final String OTHER_RANGES = "[10s]";

    /** After it, partitions may stand still for some sessions of Kafka's clients, which last 6 s here and 45 s by default. */
    private static final String TROUBLE = "handover:kafka_trouble[5m]";

    private static final String SHORT_TROUBLE = "handover:kafka_trouble[40s]";

    /** The seconds since the start of a process in which what it has counted is new. */
    private static final String YOUNG = "time() - 900";

    /** Longer than from the start of a process to its first scrape. */
    private static final String SHORT_YOUNG = "time() - 20";

    /** The seconds that commands may be late. */
    private static final Pattern LATE = Pattern.compile("> [36]0\\b");

    private static final String SHORT_LATE = "> 3";

    private final Process process;
    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private PrometheusProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts a Prometheus that scrapes every second, and waits until it is ready. The rules wait for seconds where they
     * wait for minutes in production.
     *
     * @param jobs the management ports by job
     */
    static PrometheusProcess start(Path folder, Map<String, List<Integer>> jobs) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), shortened(Files.readString(RULES)));
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"),
                """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files: [rules.yml]
                scrape_configs:
                """
                        + jobs.entrySet().stream()
                                .map(job -> "  - {job_name: %s, static_configs: [{targets: %s}]}"
                                        .formatted(job.getKey(), targets(job.getValue())))
                                .collect(Collectors.joining("\n", "", "\n")));
        int port = new StablePorts().next();
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + FreePorts.HOST + ":" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        PrometheusProcess prometheus =
                new PrometheusProcess(process, URI.create("http://" + FreePorts.HOST + ":" + port));
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> prometheus.get("/-/ready").statusCode() == OK);
        } catch (RuntimeException e) {
            prometheus.close();
            throw e;
        }
        return prometheus;
    }

    private static String shortened(String rules) {
        String waits = FOR.matcher(rules).replaceAll(wait -> wait.group(1) + SHORT.getOrDefault(wait.group(2), OTHERS));
        String ranges = RANGE.matcher(waits.replace(TROUBLE, SHORT_TROUBLE))
                .replaceAll(range -> Matcher.quoteReplacement(LONGER.getOrDefault(range.group(), OTHER_RANGES)));
        String others = ranges.replace("offset 1w", "offset 30s").replace(YOUNG, SHORT_YOUNG);
        return LATE.matcher(others).replaceAll(SHORT_LATE);
    }

    private static String targets(List<Integer> ports) {
        return ports.stream()
                .map(port -> "'" + FreePorts.HOST + ":" + port + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** The names of the alerts that fire now. */
    Set<String> firing() throws IOException, InterruptedException {
        return alertNames("ALERTS{alertstate=\"firing\"}");
    }

    /** The names of the alerts that fired within this time. */
    Set<String> fired(Duration within) throws IOException, InterruptedException {
        return alertNames("max_over_time(ALERTS{alertstate=\"firing\"}[" + within.toMillis() + "ms])");
    }

    private Set<String> alertNames(String query) throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        results(query)
                .forEach(result -> names.add(result.at("/metric/alertname").textValue()));
        return names;
    }

    /** How many of its targets answer. */
    int targetsUp() throws IOException, InterruptedException {
        return results("up == 1").size();
    }

    /** The result of a query; an exception if Prometheus does not understand it. */
    List<JsonNode> results(String query) throws IOException, InterruptedException {
        HttpResponse<String> response = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        if (response.statusCode() != OK) {
            throw new IOException("Expected an answer to " + query + ", but got " + response.body());
        }
        List<JsonNode> results = new ArrayList<>();
        json.readTree(response.body()).at("/data/result").forEach(results::add);
        return results;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(ENDED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
