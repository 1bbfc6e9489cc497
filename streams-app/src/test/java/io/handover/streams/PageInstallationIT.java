package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.schema.Topics;
import io.handover.streams.browser.Browser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page over an installation of two instances, one of which is killed while somebody looks. */
class PageInstallationIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The least that a broker allows: so soon the partitions of a killed instance go to the other one. */
    private static final Map<String, String> SETTINGS = Map.of("kafka.session.timeout.ms", "6000");

    private static final int CONVERSATIONS = 24;

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static AppInstance app;
    private static Process other;
    private static String otherName = "";
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        app = new AppInstance(kafka.bootstrapServers(), folder.resolve("app"), SETTINGS);
        await().atMost(PATIENCE).until(() -> app.app().ready());
        int port = FreePorts.free();
        otherName = "127.0.0.1:" + port;
        other = startProcess(port);
        browser = new Browser(folder.resolve("profile"), 0);
        browser.resize(1180, 900, "light");
    }

    @AfterAll
    static void stop() {
        browser.close();
        other.destroyForcibly();
        app.close();
        kafka.close();
    }

    /** Starts an instance that can be killed, as a process of its own. */
    private static Process startProcess(int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.handover.streams.StreamsAppMain");
        builder.environment()
                .putAll(Map.of(
                        "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "HANDOVER_KAFKA_SESSION_TIMEOUT_MS",
                        "6000",
                        "HANDOVER_STATE_DIR",
                        folder.resolve("other").toString(),
                        "HANDOVER_MANAGEMENT_HOST",
                        "127.0.0.1",
                        "HANDOVER_MANAGEMENT_PORT",
                        String.valueOf(port),
                        "HANDOVER_MANAGEMENT_READ_TOKENS",
                        AppInstance.READ,
                        "HANDOVER_MANAGEMENT_STEER_TOKENS",
                        AppInstance.STEER,
                        "HANDOVER_TRANSFER_TIMEOUT_MS",
                        "600000"));
        File log = folder.resolve("other.log").toFile();
        return builder.redirectErrorStream(true).redirectOutput(log).start();
    }

    private static void deliver() throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                String delivery = Deliveries.acw("c-" + i, "anna", Instant.now());
                producer.send(new ProducerRecord<>(Topics.EVENTS, "c-" + i, delivery.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    @Test
    void shouldShowWhatHappensAndGoOnWhenAnInstanceIsKilled() throws Exception {
        // Given
        browser.open(app.uri("/#/installation").toString());
        awaitThat(() -> assertThat(browser.find("#token").isDisplayed()).isTrue());
        browser.find("#token input").sendKeys(AppInstance.STEER, Keys.ENTER);
        awaitThat(() -> assertThat(browser.text("main")).contains("2 of 2 instances answer. 4 partitions"));
        awaitThat(() -> assertThat(browser.texts("[aria-label=Instances] tbody tr"))
                .hasSize(2)
                .allMatch(row -> row.contains("ready") && !row.contains("not ready")));
        deliver();
        browser.click("a[href='#/']");
        awaitThat(() -> assertThat(browser.texts(".figure")).containsExactly("24\nopen", "24\nheld"));
        awaitThat(() -> assertThat(browser.texts("[aria-label^=Held] tbody tr")).hasSize(CONVERSATIONS));

        // When
        browser.click("[aria-label^=Held] tbody tr:first-child a");
        awaitThat(() -> assertThat(browser.texts("main .buttons button")).contains("Hold no longer…"));
        browser.click("button[data-order=release]");
        browser.find("#order input").sendKeys("Kim");
        browser.find("#order textarea").sendKeys("Nobody comes");
        browser.click("#order button[value=send]");

        // Then
        awaitThat(() -> assertThat(browser.text(".result")).contains("operator-released, handover-ended was sent at"));
        awaitThat(() -> assertThat(browser.text(".state")).startsWith("No handover is open."));

        // When
        other.destroyForcibly().waitFor();
        browser.click("a[href='#/installation']");

        // Then
        awaitThat(() -> assertThat(browser.text(".problem")).contains(otherName + " does not answer for 2 partitions"));
        browser.click("a[href='#/']");
        awaitThat(() -> assertThat(browser.texts(".problem")).isEmpty());
        awaitThat(() -> assertThat(browser.texts(".figure")).containsExactly("23\nopen", "23\nheld"));
        awaitThat(() -> assertThat(browser.texts("[aria-label^=Held] tbody tr")).hasSize(CONVERSATIONS - 1));
        assertThat(List.of(browser.console()).toString()).doesNotContain("Content Security Policy");
    }

    private static void awaitThat(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }
}
