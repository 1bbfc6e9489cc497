package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.ingress.IngressBridge;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.Topics;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.streams.StreamsApp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the README, the pages in {@code docs} and the compose file with the code. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern CURL_BODY = Pattern.compile("curl [^`]*? -d '\n(.*?)'\n```", Pattern.DOTALL);
    private static final Pattern METRIC = Pattern.compile("# TYPE (handover_\\w+?)(_max)? ");
    private static final Pattern REASON = Pattern.compile("\\{reason=\"([^\"]+)\"");

    static Stream<Arguments> processes() {
        return Stream.of(
                Arguments.of("ingress-bridge", IngressBridge.settings()),
                Arguments.of("streams-app", StreamsApp.settings()));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void shouldListEverySetting(String process, SettingsDefinition settings) throws IOException {
        // Given
        String page = read("docs/settings.md");
        // When
        String table = page.substring(
                page.indexOf("<!-- begin " + process + " -->"), page.indexOf("<!-- end " + process + " -->"));
        // Then
        assertThat(table.lines().filter(line -> line.startsWith("|")))
                .as("the output of --settings of %s belongs between its marks", process)
                .containsExactlyElementsOf(settings.markdownTable().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS, Topics.AGENT_LOOKUPS})
    void shouldListEveryTopic(String topic) throws IOException {
        // When / Then
        assertThat(read("docs/operations.md")).contains("| `" + topic + "` |");
    }

    @Test
    void shouldListEveryMetricAndOutcomeOfTheBridge() throws Exception {
        // Given
        try (IngressBridge bridge = IngressBridge.start(load(
                IngressBridge.settings(),
                Map.of(
                        "api.key",
                        "key",
                        "organization.id",
                        "organization",
                        "http.port",
                        "0",
                        "genesys.region",
                        "eu-central-1",
                        "genesys.client.id",
                        "id",
                        "genesys.client.secret",
                        "secret")))) {
            // When
            String metrics = metricsAt(bridge.managementPort());
            // Then
            assertListed(metrics);
            assertThat(matches(REASON, metrics))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(
                            outcome -> assertThat(read("docs/eventbridge.md")).contains("`" + outcome + "`"));
        }
    }

    @Test
    void shouldListEveryMetricOfTheApp(@TempDir Path state) throws Exception {
        // Given
        try (StreamsApp app =
                StreamsApp.start(load(StreamsApp.settings(), Map.of("state.dir", state.toString())), failure -> {})) {
            // When
            String metrics = metricsAt(app.managementPort());
            // Then
            assertListed(metrics);
        }
    }

    @Test
    void shouldShowACurlThatTheQuickstartAccepts() throws IOException {
        // Given
        String readme = read("README.md");
        String organization = sample().organizationId();
        // When
        Delivery delivery = Delivery.read(matches(CURL_BODY, readme)
                .get(0)
                .replace("'$(date +%s)'", "1772443220")
                .getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(readme)
                .contains("http://127.0.0.1:8080/handover/genesysCloudOM")
                .contains("'Authorization: quickstart'");
        assertThat(delivery.type()).isEqualTo(EventType.USER_START);
        assertThat(delivery.relevance()).isEqualTo(Delivery.Relevance.WANTED);
        assertThat(delivery.organizationId()).isNotNull().isEqualTo(organization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-bridge", "streams-app"})
    void shouldComposeWithSettingsThatExist(String process) throws IOException {
        // Given
        String section = read("docker-compose.yml").split("  " + process + ":\n", 2)[1];
        String environment = section.split("environment:\n", 2)[1].split(" volumes:", 2)[0];
        // When
        List<String> variables = environment
                .lines()
                .map(line -> line.split(":", 2)[0].strip())
                .filter(name -> !name.isEmpty())
                .toList();
        // Then
        assertThat(variables)
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(read("docs/settings.md")).contains("`" + variable + "`"));
    }

    @Test
    void shouldBuildImagesOnOneBaseAndComposeTheirVersion() throws IOException {
        // Given
        String pom = read("pom.xml");
        String base =
                matches(Pattern.compile("<image.base>(.+)</image.base>"), pom).get(0);
        String version = matches(Pattern.compile("<artifactId>handover</artifactId>\\s*<version>([^<]+)<"), pom)
                .get(0);
        // When
        List<String> composed = matches(Pattern.compile("HANDOVER_VERSION:-([^}]+)}"), read("docker-compose.yml"));
        // Then
        assertThat(read("Dockerfile")).contains("ARG BASE=" + base + "\n");
        assertThat(composed).containsExactly(version);
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLinkToFilesThatExist(Path page) throws IOException {
        // When
        List<String> links = matches(LINK, Files.readString(page));
        // Then
        assertThat(links)
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    /** One of the deliveries that the quickstart sends. */
    private static Delivery sample() throws IOException {
        try (InputStream sample =
                ReadmeTest.class.getResourceAsStream("/io/handover/quickstart/samples/1-plain-end.ndjson")) {
            String line = new String(sample.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
            return Delivery.read(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Nothing listens at that address: the metrics exist without Kafka. */
    private static Settings load(SettingsDefinition definition, Map<String, String> own) {
        Map<String, String> values = new HashMap<>(own);
        values.put("kafka.bootstrap.servers", "127.0.0.1:1");
        values.put("management.port", "0");
        return definition.load(null, Map.of(), values);
    }

    private static String metricsAt(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static void assertListed(String metrics) throws IOException {
        String page = read("docs/operations.md");
        assertThat(matches(METRIC, metrics))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).containsPattern("`" + name + "[`{]"));
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }
}
