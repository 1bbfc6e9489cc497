package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.handover.schema.Delivery;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryPolicyTest {

    private static final DeliveryDecision STORE = new DeliveryDecision.Store(Deliveries.CONVERSATION);

    private final DeliveryPolicy policy = new DeliveryPolicy(Set.of(Deliveries.ORGANIZATION, "my-second"), true);

    static Stream<Arguments> deliveries() {
        return Stream.of(
                argumentSet("Open Messaging", Deliveries.customerEnd(), STORE),
                argumentSet("media not said", Deliveries.ofTopic("acd.start"), STORE),
                argumentSet(
                        "second organisation", Deliveries.ofSource("aws.partner/genesys.com/cloud/x/my-second"), STORE),
                argumentSet(
                        "test source", Deliveries.ofSource("aws.partner/genesys.com.test/cloud/x/my-second"), STORE),
                argumentSet(
                        "data action without a conversation",
                        Deliveries.dataAction(),
                        new DeliveryDecision.Store("external-user-0001")),
                argumentSet(
                        "voice",
                        Deliveries.withBody(Deliveries.mediaType("VOICE")),
                        answer(DeliveryOutcome.UNWANTED_MEDIA)),
                argumentSet(
                        "WhatsApp",
                        Deliveries.withBody(Deliveries.messageType("WHATSAPP")),
                        answer(DeliveryOutcome.UNWANTED_MEDIA)),
                argumentSet("attributes", Deliveries.ofTopic("attributes"), answer(DeliveryOutcome.UNWANTED_TOPIC)),
                argumentSet("another family of topics", Deliveries.presence(), answer(DeliveryOutcome.UNWANTED_TOPIC)),
                argumentSet(
                        "another organisation",
                        Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs"),
                        answer(DeliveryOutcome.OTHER_ORGANIZATION)),
                argumentSet(
                        "not of Genesys",
                        Deliveries.ofSource("aws.s3/" + Deliveries.ORGANIZATION),
                        answer(DeliveryOutcome.OTHER_ORGANIZATION)));
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void shouldDecide(byte[] body, DeliveryDecision expected) {
        // Given
        // When
        DeliveryDecision decision = policy.decide(Delivery.read(body));

        // Then
        assertThat(decision).isEqualTo(expected);
    }

    @Test
    void shouldAcceptEveryOrganizationWhenTheCheckIsSkipped() {
        // Given
        DeliveryPolicy unchecked = new DeliveryPolicy(Set.of(), false);

        // When
        DeliveryDecision decision =
                unchecked.decide(Delivery.read(Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs")));

        // Then
        assertThat(decision).isEqualTo(STORE);
    }

    @Test
    void shouldSendWhatHasNoKeyToDeadLetters() {
        // Given
        // When
        DeliveryDecision decision = policy.decide(Delivery.read(Deliveries.withoutConversation()));

        // Then
        assertThat(decision)
                .isInstanceOfSatisfying(
                        DeliveryDecision.DeadLetter.class,
                        deadLetter -> assertThat(deadLetter.outcome()).isEqualTo(DeliveryOutcome.NO_KEY));
    }

    private static DeliveryDecision answer(DeliveryOutcome outcome) {
        return new DeliveryDecision.Answer(outcome);
    }
}
