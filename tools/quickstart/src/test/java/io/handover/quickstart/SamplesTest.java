package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.quickstart.Samples.Scenario;
import io.handover.schema.EventType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private static final UUID RUN = new UUID(1, 1);
    private static final UUID NEXT_RUN = new UUID(1, 2);
    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00.250Z");

    @Test
    void shouldHaveHappenedJustNow() {
        // Given, When
        List<Long> times = deliveries(RUN).stream()
                .map(delivery -> Objects.requireNonNull(delivery.eventTimeMs()))
                .toList();

        // Then
        assertThat(times).allMatch(time -> time <= NOW.toEpochMilli() && time > NOW.toEpochMilli() - 90_000);
        assertThat(times).anyMatch(time -> time > NOW.toEpochMilli() - 1_000);
    }

    @Test
    void shouldTellOfOtherConversationsInEveryRun() {
        // Given, When
        List<String> first = conversations(RUN);
        List<String> next = conversations(NEXT_RUN);

        // Then
        assertThat(conversations(RUN)).isEqualTo(first);
        assertThat(next).doesNotContainAnyElementsOf(first);
    }

    @Test
    void shouldBeReadableOpenMessagesOfTheOrganization() {
        // Given, When, Then
        assertThat(Samples.of(RUN, "mine", NOW).scenarios())
                .allSatisfy(scenario -> assertThat(scenario.deliveries())
                        .isNotEmpty()
                        .extracting(OutgoingDelivery::content)
                        .allSatisfy(content -> {
                            assertThat(content).isNotNull();
                            assertThat(content.type()).isNotNull();
                            assertThat(content.body().messageType()).isEqualTo("OPEN");
                            assertThat("mine".equals(content.organizationId())).isNotEqualTo(scenario.rejected());
                        }));
    }

    @Test
    void shouldSendTheLateEndAfterTheEndItIsLateFor() {
        // Given, When
        List<Scenario> scenarios = Samples.of(RUN, "mine", NOW).scenarios();
        Scenario late = scenarios.get(scenarios.size() - 1);

        // Then
        assertThat(late.afterEndOf())
                .isEqualTo(late.conversationId())
                .isEqualTo(scenarios.get(0).conversationId());
        assertThat(Objects.requireNonNull(late.deliveries().get(0).content()).type())
                .isEqualTo(EventType.CUSTOMER_END);
    }

    private static List<OutgoingDelivery> deliveries(UUID run) {
        return Samples.of(run, Samples.ORGANIZATION, NOW).scenarios().stream()
                .flatMap(scenario -> scenario.deliveries().stream())
                .toList();
    }

    private static List<String> conversations(UUID run) {
        return Samples.of(run, Samples.ORGANIZATION, NOW).scenarios().stream()
                .map(Scenario::conversationId)
                .toList();
    }
}
