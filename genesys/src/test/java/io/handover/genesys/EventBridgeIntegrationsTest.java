package io.handover.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.fakegenesys.Behaviour;
import io.handover.genesys.EventBridgeIntegration.Configuration;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBridgeIntegrationsTest {

    private static final Configuration CONFIGURATION = new Configuration(
            "123456789012",
            "eu-central-1",
            "example-organization",
            List.of("v2.detail.events.conversation.{id}.customer.end", "v2.detail.events.conversation.{id}.acw"),
            "made for a test");

    @Test
    void shouldCreateConfigureEnableAndDelete() throws Exception {
        try (Setup setup = new Setup()) {
            EventBridgeIntegrations integrations = setup.client.eventBridgeIntegrations();
            // When
            EventBridgeIntegration created = integrations.create("handover");
            integrations.configure(created, CONFIGURATION);
            integrations.enable(created.id());
            // Then
            assertThat(created.configuration().isEmpty()).isTrue();
            assertThat(integrations.list()).singleElement().satisfies(one -> {
                assertThat(one.name()).isEqualTo("handover");
                assertThat(one.configuration()).isEqualTo(CONFIGURATION);
                assertThat(one.intendedState()).isEqualTo("ENABLED");
                assertThat(one.version()).isEqualTo(2);
            });
            // When
            integrations.delete(created.id());
            integrations.delete(created.id());
            // Then
            assertThat(integrations.list()).isEmpty();
        }
    }

    @Test
    void shouldReadAllPagesAndOnlyEventBridge() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            for (int number = 0; number < 5; number++) {
                setup.fake.integrations().add("one " + number, "amazon-eventbridge-source", new JsonObject());
                setup.fake.integrations().add("other " + number, "custom-rest-actions", new JsonObject());
            }
            // When
            List<EventBridgeIntegration> all =
                    setup.client.eventBridgeIntegrations().list();
            // Then
            assertThat(all).hasSize(5).allMatch(one -> one.name().startsWith("one "));
        }
    }

    @Test
    void shouldNotOverwriteTheChangeOfSomebodyElse() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            EventBridgeIntegrations integrations = setup.client.eventBridgeIntegrations();
            EventBridgeIntegration read = integrations.create("handover");
            setup.fake.integrations().edit(read.id(), new JsonObject().put("awsAccountId", "999999999999"));
            // When
            assertThatThrownBy(() -> integrations.configure(read, CONFIGURATION))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessageContaining("somebody else has changed the integration");
        }
    }

    @Test
    void shouldNotRepeatACreationOfUnclearEffect() throws Exception {
        try (Setup setup = new Setup(Setup.FAST, Duration.ofMillis(10), Duration.ofSeconds(5))) {
            // Given
            EventBridgeIntegrations integrations = setup.client.eventBridgeIntegrations();
            assertThat(integrations.list()).isEmpty();
            setup.fake.becomeFor(1, Behaviour.UNAVAILABLE);
            // When
            assertThatThrownBy(() -> integrations.create("handover"))
                    // Then
                    .isInstanceOf(GenesysException.class);
            assertThat(integrations.list()).isEmpty();
        }
    }

    @Test
    void shouldNameTheMissingPermission() throws Exception {
        try (Setup setup = new Setup()) {
            // Given
            setup.fake.integrations().revoke("integrations:integration:add");
            // When
            assertThatThrownBy(() -> setup.client.eventBridgeIntegrations().create("handover"))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessageContaining("integrations:integration:add");
        }
    }

    @Test
    void shouldKnowWhichTopicsCanBeSentToEventBridge() throws Exception {
        try (Setup setup = new Setup()) {
            // When
            assertThat(setup.client.eventBridgeIntegrations().availableTopics())
                    // Then
                    .contains("v2.detail.events.conversation.{id}.customer.end", "v2.users.{id}.presence")
                    .doesNotContain("v2.users.{id}.conversations");
        }
    }
}
