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

    private static final Verdict STORE = new Verdict.Store(Deliveries.CONVERSATION);

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
                        new Verdict.Store("external-user-0001")),
                argumentSet(
                        "voice", Deliveries.withBody(Deliveries.mediaType("VOICE")), answer(Outcome.UNWANTED_MEDIA)),
                argumentSet(
                        "WhatsApp",
                        Deliveries.withBody(Deliveries.messageType("WHATSAPP")),
                        answer(Outcome.UNWANTED_MEDIA)),
                argumentSet("attributes", Deliveries.ofTopic("attributes"), answer(Outcome.UNWANTED_TOPIC)),
                argumentSet("another family of topics", Deliveries.presence(), answer(Outcome.UNWANTED_TOPIC)),
                argumentSet(
                        "another organisation",
                        Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs"),
                        answer(Outcome.OTHER_ORGANIZATION)),
                argumentSet(
                        "not of Genesys",
                        Deliveries.ofSource("aws.s3/" + Deliveries.ORGANIZATION),
                        answer(Outcome.OTHER_ORGANIZATION)));
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void shouldJudge(byte[] body, Verdict expected) {
        // Given
        // When
        Verdict verdict = policy.judge(Delivery.read(body));

        // Then
        assertThat(verdict).isEqualTo(expected);
    }

    @Test
    void shouldTakeEverybodysEventsWhenTheCheckIsSkipped() {
        // Given
        DeliveryPolicy unchecked = new DeliveryPolicy(Set.of(), false);

        // When
        Verdict verdict = unchecked.judge(Delivery.read(Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs")));

        // Then
        assertThat(verdict).isEqualTo(STORE);
    }

    @Test
    void shouldBuryWhatHasNoKey() {
        // Given
        // When
        Verdict verdict = policy.judge(Delivery.read(Deliveries.withoutConversation()));

        // Then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.DeadLetter.class,
                        deadLetter -> assertThat(deadLetter.outcome()).isEqualTo(Outcome.NO_KEY));
    }

    private static Verdict answer(Outcome outcome) {
        return new Verdict.Answer(outcome);
    }
}
