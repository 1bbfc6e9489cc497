package io.handover.conversation;

import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent.Details;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The id of a command, and the customer that it names. */
class CommandTest {

    private final Story story = new Story();

    @Test
    void shouldHaveAnIdOfTheDecidingEvent() {
        // When
        story.receive(userStart("a", 0)).receive(Story.customerEnd(60));
        // Then
        assertThat(story.rawCommands())
                .extracting(HandoverCommand::id)
                .containsExactly(
                        id("conversation-1|1|agent-updated|user.start|1768471200000|a"),
                        id("conversation-1|1|handover-ended|customer.end|1768471260000"));
    }

    @Test
    void shouldHaveAnIdOfTheNewestEventTimeForAnIdleHandover() {
        // When
        story.under(Policies.IDLE)
                .receive(customerStart("customer-1", "organization-1"))
                .passUntil(600);
        // Then
        assertThat(story.rawCommands())
                .extracting(HandoverCommand::id)
                .containsExactly(id("conversation-1|1|handover-ended|1768471200000"));
    }

    @Test
    void shouldNameTheCustomerAndTheOrganisationThatWereStatedFirst() {
        // Given
        story.receive(customerStart("customer-1", "organization-1"));
        // When
        story.receive(customerEnd("customer-2", "organization-2"));
        // Then
        HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
        assertThat(ended.userId()).isEqualTo("customer-1");
        assertThat(ended.organizationId()).isEqualTo("organization-1");
    }

    @Test
    void shouldNameTheCustomerAndTheOrganisationThatALaterEventStates() {
        // Given
        story.receive(customerStart(null, null));
        // When
        story.receive(customerEnd("customer-2", "organization-2"));
        // Then
        HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
        assertThat(ended.userId()).isEqualTo("customer-2");
        assertThat(ended.organizationId()).isEqualTo("organization-2");
    }

    private static CustomerStarted customerStart(@Nullable String customerId, @Nullable String organizationId) {
        return new CustomerStarted(stating(Story.customerStart(0), customerId, organizationId));
    }

    private static CustomerEnded customerEnd(@Nullable String customerId, @Nullable String organizationId) {
        return new CustomerEnded(stating(Story.customerEnd(60), customerId, organizationId), 0);
    }

    private static Details stating(
            ConversationEvent event, @Nullable String customerId, @Nullable String organizationId) {
        Details details = event.details();
        return new Details(details.evidence(), details.fingerprint(), details.sessionId(), customerId, organizationId);
    }

    private static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
