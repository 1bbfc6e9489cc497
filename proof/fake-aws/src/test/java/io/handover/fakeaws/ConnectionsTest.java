package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.Behaviour.Trait;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ConcurrentModificationException;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

class ConnectionsTest {

    private final FakeAws fake = FakeAws.start(0);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldTakeSomeDescribesToAuthorize() {
        // When
        CreateConnectionResponse created = create("handover");

        // Then
        assertThat(created.connectionState()).isEqualTo(ConnectionState.CREATING);
        assertThat(created.connectionArn())
                .matches("arn:aws:events:eu-central-1:123456789012:connection/handover/[0-9a-f-]{36}");
        assertThat(states(3))
                .containsExactly(ConnectionState.CREATING, ConnectionState.AUTHORIZING, ConnectionState.AUTHORIZED);
    }

    @Test
    void shouldAuthorizeWithoutDescribesAfterAWhile() {
        // Given
        fake.become(Behaviour.CALM.with(Trait.DESCRIBES_UNTIL_READY, 1_000_000).with(Trait.TIME_SCALE, 0.001));

        // When
        create("handover");

        // Then
        await().until(() -> state() == ConnectionState.AUTHORIZED);
    }

    @Test
    void shouldNeverReturnTheKey() {
        // Given
        create("handover");

        // When
        DescribeConnectionResponse connection = describe();

        // Then
        assertThat(connection.authParameters().apiKeyAuthParameters().apiKeyName())
                .isEqualTo("Authorization");
        assertThat(connection.authorizationType()).isEqualTo(ConnectionAuthorizationType.API_KEY);
        assertThat(connection.secretArn())
                .startsWith("arn:aws:secretsmanager:eu-central-1:123456789012:secret:events!");
        assertThat(connection.toString()).doesNotContain("a-key");
        assertThat(connection.description()).isEqualTo("text");
    }

    @Test
    void shouldRefuseChangesWhileAConnectionIsBusy() {
        // Given
        create("handover");

        // When / Then
        assertThatThrownBy(() -> update("new-key")).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(() -> create("handover")).isInstanceOf(ResourceAlreadyExistsException.class);
    }

    @Test
    void shouldUpdateInSteps() {
        // Given
        create("handover");
        states(3);

        // When
        update("new-key");

        // Then
        assertThat(states(3))
                .containsExactly(ConnectionState.UPDATING, ConnectionState.AUTHORIZING, ConnectionState.AUTHORIZED);
    }

    @Test
    void shouldKeepTheStateWhenOnlyTheDescriptionChanges() {
        // Given
        create("handover");
        states(3);

        // When
        clients.events.updateConnection(
                connection -> connection.name("handover").description("other"));

        // Then
        assertThat(describe().connectionState()).isEqualTo(ConnectionState.AUTHORIZED);
        assertThat(describe().description()).isEqualTo("other");
    }

    @Test
    void shouldDeleteInSteps() {
        // Given
        create("handover");
        states(3);

        // When
        clients.events.deleteConnection(connection -> connection.name("handover"));

        // Then
        assertThat(states(2)).containsExactly(ConnectionState.DELETING, ConnectionState.DELETING);
        assertThatThrownBy(this::describe).isInstanceOf(ResourceNotFoundException.class);
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldNotDeleteAConnectionInUse() {
        // Given
        String arn = create("handover").connectionArn();
        states(3);
        createDestination(arn, "https://bridge.example.com/");

        // When / Then
        assertThatThrownBy(() -> clients.events.deleteConnection(connection -> connection.name("handover")))
                .hasMessageContaining("is used by API destinations");
    }

    @Test
    void shouldActivateADestinationWithItsConnection() {
        // Given
        String arn = create("handover").connectionArn();

        // When
        String destination = createDestination(arn, "https://bridge.example.com/");

        // Then
        DescribeApiDestinationResponse before = describeDestination();
        states(3);
        DescribeApiDestinationResponse after = describeDestination();
        assertThat(destination)
                .matches("arn:aws:events:eu-central-1:123456789012:api-destination/handover/[0-9a-f-]{36}");
        assertThat(before.apiDestinationState()).isEqualTo(ApiDestinationState.INACTIVE);
        assertThat(before.invocationRateLimitPerSecond()).isEqualTo(300);
        assertThat(after.apiDestinationState()).isEqualTo(ApiDestinationState.ACTIVE);
    }

    @Test
    void shouldChangeTheArnOfARecreatedDestination() {
        // Given
        String connection = create("handover").connectionArn();
        String first = createDestination(connection, "https://bridge.example.com/");
        clients.events.deleteApiDestination(destination -> destination.name("handover"));

        // When
        String second = createDestination(connection, "https://bridge.example.com/");

        // Then
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void shouldUpdateOnlyWhatIsGiven() {
        // Given
        createDestination(create("handover").connectionArn(), "https://bridge.example.com/");

        // When
        clients.events.updateApiDestination(
                destination -> destination.name("handover").invocationRateLimitPerSecond(10));

        // Then
        assertThat(describeDestination().invocationRateLimitPerSecond()).isEqualTo(10);
        assertThat(describeDestination().invocationEndpoint()).isEqualTo("https://bridge.example.com/");
    }

    @Test
    void shouldRefuseAnEndpointWithoutTls() {
        // Given
        String connection = create("handover").connectionArn();

        // When / Then
        assertThatThrownBy(() -> createDestination(connection, "http://bridge.example.com/"))
                .hasMessageContaining("InvocationEndpoint is not valid");
    }

    @Test
    void shouldRefuseADestinationWithoutItsConnection() {
        // When / Then
        assertThatThrownBy(() -> createDestination(
                        "arn:aws:events:eu-central-1:123456789012:connection/other/id", "https://bridge.example.com/"))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private CreateConnectionResponse create(String name) {
        return clients.events.createConnection(connection -> connection
                .name(name)
                .description("text")
                .authorizationType(ConnectionAuthorizationType.API_KEY)
                .authParameters(parameters -> parameters.apiKeyAuthParameters(
                        key -> key.apiKeyName("Authorization").apiKeyValue("a-key"))));
    }

    private void update(String newKey) {
        clients.events.updateConnection(connection -> connection
                .name("handover")
                .authorizationType(ConnectionAuthorizationType.API_KEY)
                .authParameters(parameters -> parameters.apiKeyAuthParameters(
                        key -> key.apiKeyName("Authorization").apiKeyValue(newKey))));
    }

    private DescribeConnectionResponse describe() {
        return clients.events.describeConnection(connection -> connection.name("handover"));
    }

    private ConnectionState state() {
        return describe().connectionState();
    }

    private List<ConnectionState> states(int count) {
        return Stream.generate(this::state).limit(count).toList();
    }

    private String createDestination(String connectionArn, String endpoint) {
        return clients.events
                .createApiDestination(destination -> destination
                        .name("handover")
                        .connectionArn(connectionArn)
                        .httpMethod(ApiDestinationHttpMethod.POST)
                        .invocationEndpoint(endpoint))
                .apiDestinationArn();
    }

    private DescribeApiDestinationResponse describeDestination() {
        return clients.events.describeApiDestination(destination -> destination.name("handover"));
    }
}
