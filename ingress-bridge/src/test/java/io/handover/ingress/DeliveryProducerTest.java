package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.service.CheckResult;
import io.handover.service.CheckResult.Check;
import io.handover.service.CheckResult.Severity;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class DeliveryProducerTest {

    private static final List<CheckResult> MISSING = List.of(new CheckResult(
            "handover-events", Check.EXISTS, "no", Severity.ERROR, "Topic handover-events does not exist."));

    private boolean hasMetadata = true;
    private final List<MockProducer<String, byte[]>> created = new ArrayList<>();
    private final List<DeliveryOutcome> outcomes = new ArrayList<>();
    private final DeliveryProducer producer = new DeliveryProducer(
            this::create,
            new TopicNames("events", "commands", "dead", "lookups"),
            new DeliveryMetrics(MeterFilter.accept()));

    private MockProducer<String, byte[]> create() {
        MockProducer<String, byte[]> fresh =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized List<PartitionInfo> partitionsFor(String topic) {
                        if (!hasMetadata) {
                            throw new TimeoutException("Topic " + topic + " not present in metadata after 0 ms.");
                        }
                        return super.partitionsFor(topic);
                    }
                };
        created.add(fresh);
        return fresh;
    }

    @Test
    void shouldSendNothingBeforeTheFirstCheck() {
        // When
        store();

        // Then
        assertThat(outcomes).containsExactly(DeliveryOutcome.TOPICS_NOT_READY);
        assertThat(created).isEmpty();
    }

    @Test
    void shouldHaveNoProducerWhileATopicIsMissing() {
        // Given
        producer.follow(List.of());
        store();

        // When
        producer.follow(MISSING);
        store();

        // Then
        assertThat(outcomes).containsExactly(DeliveryOutcome.STORED, DeliveryOutcome.TOPICS_NOT_READY);
        assertThat(created)
                .singleElement()
                .satisfies(closed -> assertThat(closed.closed()).isTrue());
    }

    @Test
    void shouldSendAgainWhenTheTopicIsThere() {
        // Given
        producer.follow(List.of());
        producer.follow(MISSING);

        // When
        producer.follow(List.of());
        store();

        // Then
        assertThat(outcomes).containsExactly(DeliveryOutcome.STORED);
        assertThat(created).hasSize(2);
        assertThat(created.get(1).history())
                .singleElement()
                .satisfies(sent -> assertThat(sent.topic()).isEqualTo("events"));
    }

    @Test
    void shouldReplaceAProducerThatFailedPermanently() {
        // Given
        producer.follow(List.of());
        created.get(0).sendException = new KafkaException("in an error state");
        store();

        // When
        producer.follow(List.of());
        store();

        // Then
        assertThat(outcomes).containsExactly(DeliveryOutcome.KAFKA_REFUSED, DeliveryOutcome.STORED);
        assertThat(created.get(0).closed()).isTrue();
        assertThat(created.get(1).history()).hasSize(1);
    }

    @Test
    void shouldReportMissingMetadata() {
        // Given
        hasMetadata = false;

        // When / Then
        assertThat(producer.follow(List.of())).isEqualTo("The producer has no metadata of topic dead yet.");
        hasMetadata = true;
        assertThat(producer.follow(List.of())).isNull();
    }

    private void store() {
        producer.store("key", new byte[0], Instant.EPOCH, (outcome, e) -> outcomes.add(outcome));
    }
}
