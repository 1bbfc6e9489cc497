package io.handover.torture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Topics;
import io.handover.service.DeletedRange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka deletes deliveries that the streams-app has not read. The app counts them and is not ready until acknowledged. */
class DeletedUnreadIT {

    private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);
    private static final int READ = 100;
    private static final int UNREAD = 40;
    private static final Duration LONGEST_FREEZE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static BrokerCluster kafka;

    private Path logs = folder;

    /** The application id. Each test has its own, because a killed app stays in its group for a while. */
    private String group = "";

    @BeforeAll
    static void startBroker() {
        kafka = new BrokerCluster(
                folder, 1, Map.of("log.retention.check.interval.ms", "500", "log.initial.task.delay.ms", "500"));
        kafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        logs = Files.createTempDirectory(folder, "app");
        group = logs.getFileName().toString();
        kafka.createTopics(1);
    }

    @AfterEach
    void deleteTopics() throws Exception {
        kafka.deleteTopics();
    }

    @Test
    void shouldReportWhatWasDeletedWhileItWasDownUntilItIsAcknowledged() throws Exception {
        try (AppProcess app =
                AppProcess.start(logs, "app", kafka.bootstrapServers(), Map.of("HANDOVER_APPLICATION_ID", group))) {
            // Given
            app.awaitReady();
            publish(READ);
            awaitCommitted(READ);
            app.stop();
            publish(UNREAD);

            // When
            kafka.admin()
                    .deleteRecords(Map.of(EVENTS, RecordsToDelete.beforeOffset(READ + UNREAD - 1)))
                    .all()
                    .get();
            app.restart();

            // Then
            assertReported(app, READ, READ + UNREAD - 1);
            assertThat(app.log())
                    .containsOnlyOnce("Deliveries were deleted before they were read topic=handover-events partition=0"
                            + " first=" + READ + " last=" + (READ + UNREAD - 2));
            assertThat(app.get("/metrics").body())
                    .contains("handover_deliveries_deleted_unread_total " + (UNREAD - 1) + ".0");

            // When
            awaitCommitted(READ + UNREAD);
            app.stop();
            app.restart();

            // Then
            assertReported(app, READ, READ + UNREAD - 1);
            assertThat(app.get("/metrics").body()).contains("handover_deliveries_deleted_unread_total 0.0");

            // When
            String described = AcknowledgeDeleted.run(kafka, group);

            // Then
            assertThat(described)
                    .contains("handover-events partition 0: offsets 100 to 138, received before ")
                    .contains("at most 39 deliveries")
                    .contains("Nothing was changed.");
            assertReported(app, READ, READ + UNREAD - 1);

            // When
            String acknowledged = AcknowledgeDeleted.run(kafka, group, "--execute");

            // Then
            assertThat(acknowledged).contains("offsets 100 to 138").contains("Acknowledged.");
            app.awaitReady();
            assertThat(AcknowledgeDeleted.run(kafka, group)).startsWith("Nothing waits for an acknowledgement");
        }
    }

    @Test
    void shouldReportWhatRetentionDeletesWhileItLags() throws Exception {
        try (AppProcess app = AppProcess.start(
                logs,
                "app",
                kafka.bootstrapServers(),
                Map.of("HANDOVER_APPLICATION_ID", group, "HANDOVER_CONSUMER_LAG_MAX_MS", "0"))) {
            // Given
            app.awaitReady();
            publish(READ);
            awaitCommitted(READ);
            app.freeze(LONGEST_FREEZE);

            // When
            kafka.alterTopic(Topics.EVENTS, TopicConfig.SEGMENT_MS_CONFIG, "1000");
            publish(UNREAD);
            kafka.alterTopic(Topics.EVENTS, TopicConfig.RETENTION_MS_CONFIG, "1500");
            Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> {
                // A later delivery closes the segment, which is then deleted as a whole.
                publish(1);
                return logStart() >= READ + UNREAD;
            });
            app.thaw();

            // Then
            String stored = group + "-deleted-unread";
            Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> committed(stored) >= READ + UNREAD);
            DeletedRange range = DeletedRange.of(requireNonNull(offset(stored))).orElseThrow();
            // The app may have received some deliveries just before it was frozen.
            assertThat(range.first()).isBetween((long) READ, (long) READ + UNREAD - 1);
            assertThat(range.count()).isEqualTo(range.next() - range.first());
            assertReported(app, range.first(), range.next());
        }
    }

    @Test
    void shouldReportNothingWhenOnlyReadDeliveriesAreDeleted() throws Exception {
        try (AppProcess app =
                AppProcess.start(logs, "app", kafka.bootstrapServers(), Map.of("HANDOVER_APPLICATION_ID", group))) {
            // Given
            app.awaitReady();
            publish(READ);
            awaitCommitted(READ);
            app.stop();

            // When
            kafka.admin()
                    .deleteRecords(Map.of(EVENTS, RecordsToDelete.beforeOffset(READ)))
                    .all()
                    .get();
            app.restart();

            // Then
            publish(1);
            awaitCommitted(READ + 1);
            app.awaitReady();
            assertThat(app.log()).doesNotContain("Deliveries were deleted");
        }
    }

    private static void assertReported(AppProcess app, long first, long next) {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(app.get("/health/ready").body())
                        .contains("Deliveries were deleted before they were read: handover-events-0 offsets " + first
                                + " to " + (next - 1) + ", received before "));
    }

    /** Publishes deliveries that no decision uses. */
    private static void publish(int deliveries) {
        kafka.publish(IntStream.range(0, deliveries)
                .mapToObj(NumberedEvents::event)
                .map(event -> new ProducerRecord<>(
                        Topics.EVENTS, event.conversationId(), event.body().getBytes(StandardCharsets.UTF_8))));
    }

    private void awaitCommitted(long offset) {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).ignoreExceptions().until(() -> committed(group) >= offset);
    }

    /** The committed offset of the group, or -1. */
    private static long committed(String group) throws ExecutionException, InterruptedException {
        OffsetAndMetadata offset = offset(group);
        return offset == null ? -1 : offset.offset();
    }

    private static @Nullable OffsetAndMetadata offset(String group) throws ExecutionException, InterruptedException {
        try {
            return kafka.admin()
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(EVENTS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw e;
        }
    }

    private static long logStart() throws ExecutionException, InterruptedException {
        return kafka.admin()
                .listOffsets(Map.of(EVENTS, OffsetSpec.earliest()))
                .partitionResult(EVENTS)
                .get()
                .offset();
    }
}
