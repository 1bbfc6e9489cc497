package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class MissingRightExceptionTest {

    private static final StreamsConfig CONFIG =
            new StreamsConfig(Map.of("application.id", "handover", "bootstrap.servers", "kafka:9092"));

    @Test
    void shouldNameTheTopicWithoutPermissionWhenALaterSendFails() {
        // Given
        StreamsException failure = new StreamsException(
                "Error encountered trying to send record to topic handover-events [stream-thread [app]]",
                new KafkaException("error state", new TopicAuthorizationException(Set.of("handover-commands"))));
        // When / Then
        assertThat(MissingRightException.in(failure, CONFIG))
                .hasValueSatisfying(missing -> assertThat(missing)
                        .hasMessage("Topic handover-commands does not permit Write to this user: run kafka-acls.sh"
                                + " --bootstrap-server kafka:9092 --add --allow-principal User:NAME --operation Write"
                                + " --topic handover-commands")
                        .hasCause(failure));
    }

    @Test
    void shouldFindNothingInOtherFailures() {
        // When / Then
        assertThat(MissingRightException.in(
                        new StreamsException("failed", new IllegalStateException("a defect")), CONFIG))
                .isEmpty();
    }
}
