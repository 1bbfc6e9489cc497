package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.Behaviour.Trait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

class QueuesTest {

    private final FakeAws fake = FakeAws.start(0);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldCreateAQueue() {
        // When
        String url = clients.sqs
                .createQueue(queue -> queue.queueName("dlq")
                        .attributes(Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "1209600"))
                        .tags(Map.of("made-by", "handover")))
                .queueUrl();

        // Then
        assertThat(url).isEqualTo(fake.endpoint() + "/123456789012/dlq");
        assertThat(clients.sqs.getQueueUrl(queue -> queue.queueName("dlq")).queueUrl())
                .isEqualTo(url);
        assertThat(attributes(url))
                .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:eu-central-1:123456789012:dlq")
                .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "1209600")
                .containsEntry(QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "true")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0");
        assertThat(clients.sqs.listQueueTags(queue -> queue.queueUrl(url)).tags())
                .containsEntry("made-by", "handover");
    }

    @Test
    void shouldAcceptAQueueAgainWithTheSameAttributesOnly() {
        // Given
        String url = create("dlq");

        // When / Then
        assertThat(create("dlq")).isEqualTo(url);
        assertThatThrownBy(() -> clients.sqs.createQueue(queue ->
                        queue.queueName("dlq").attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "31"))))
                .isInstanceOf(QueueNameExistsException.class)
                .extracting(error -> ((SqsException) error).awsErrorDetails().errorCode())
                .isEqualTo("QueueAlreadyExists");
    }

    @Test
    void shouldBlockTheNameOfADeletedQueue() {
        // Given
        String url = create("dlq");

        // When
        clients.sqs.deleteQueue(queue -> queue.queueUrl(url));

        // Then
        assertThatThrownBy(() -> create("dlq")).isInstanceOf(QueueDeletedRecentlyException.class);
        assertThatThrownBy(() -> attributes(url)).isInstanceOf(QueueDoesNotExistException.class);
        assertThat(fake.resources()).isEmpty();
        await().ignoreException(QueueDeletedRecentlyException.class)
                .until(() -> !create("dlq").isEmpty());
    }

    @Test
    void shouldRefuseAWrongPolicy() {
        // Given
        String url = create("dlq");

        // When / Then
        assertThatThrownBy(() -> clients.sqs.setQueueAttributes(
                        queue -> queue.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, "{}"))))
                .hasMessageContaining("Invalid value for the parameter Policy");
    }

    @Test
    void shouldReceiveMessagesWithTheirAttributes() {
        // Given
        String url = create("dlq");
        send(url, "text ü", Map.of("ERROR_CODE", text("TIMEOUT"), "RULE_ARN", text("arn")));

        // When
        Message message = receive(url, 0).get(0);

        // Then
        assertThat(message.body()).isEqualTo("text ü");
        assertThat(message.messageAttributes())
                .containsEntry("ERROR_CODE", text("TIMEOUT"))
                .containsKey("RULE_ARN");
        assertThat(message.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        assertThat(attributes(url)).containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "1");
    }

    @Test
    void shouldHideReceivedMessages() {
        // Given
        String url = create("dlq");
        send(url, "text", Map.of());
        Message first = receive(url, 0).get(0);
        List<Message> hidden = receive(url, 0);

        // When
        fake.makeVisible("dlq");

        // Then
        Message again = receive(url, 0).get(0);
        assertThat(hidden).isEmpty();
        assertThat(again.messageId()).isEqualTo(first.messageId());
        assertThat(again.receiptHandle()).isNotEqualTo(first.receiptHandle());
    }

    @Test
    void shouldDeleteByTheNewestHandleOnly() {
        // Given
        String url = create("dlq");
        send(url, "text", Map.of());
        String old = receive(url, 0).get(0).receiptHandle();
        fake.makeVisible("dlq");
        String newest = receive(url, 0).get(0).receiptHandle();

        // When
        clients.sqs.deleteMessage(message -> message.queueUrl(url).receiptHandle(old));
        String left = attributes(url).get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
        clients.sqs.deleteMessage(message -> message.queueUrl(url).receiptHandle(newest));

        // Then
        assertThat(left).isEqualTo("1");
        assertThat(attributes(url)).containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "0");
        assertThatThrownBy(() -> clients.sqs.deleteMessage(
                        message -> message.queueUrl(url).receiptHandle("wrong")))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
    }

    @Test
    void shouldChangeTheVisibility() {
        // Given
        String url = create("dlq");
        send(url, "text", Map.of());
        String handle = receive(url, 0).get(0).receiptHandle();

        // When
        clients.sqs.changeMessageVisibility(
                message -> message.queueUrl(url).receiptHandle(handle).visibilityTimeout(0));

        // Then
        assertThatThrownBy(() -> clients.sqs.changeMessageVisibility(
                        message -> message.queueUrl(url).receiptHandle(handle).visibilityTimeout(0)))
                .isInstanceOf(MessageNotInflightException.class);
        assertThat(receive(url, 0)).hasSize(1);
    }

    @Test
    void shouldChangeVisibilitiesOneByOne() {
        // Given
        String url = create("dlq");
        send(url, "text", Map.of());
        String handle = receive(url, 0).get(0).receiptHandle();

        // When
        ChangeMessageVisibilityBatchResponse response = clients.sqs.changeMessageVisibilityBatch(
                batch -> batch.queueUrl(url).entries(visibility("a", handle), visibility("b", "wrong")));

        // Then
        assertThat(response.successful()).singleElement().extracting("id").isEqualTo("a");
        assertThat(response.failed()).singleElement().extracting("code").isEqualTo("ReceiptHandleIsInvalid");
    }

    @Test
    void shouldWaitForAMessage() {
        // Given
        String url = create("dlq");
        CompletableFuture<List<Message>> waiting = CompletableFuture.supplyAsync(() -> receive(url, 20));
        await().until(() ->
                fake.calls().stream().anyMatch(call -> call.operation().equals("ReceiveMessage")));

        // When
        send(url, "text", Map.of());

        // Then
        assertThat(waiting)
                .succeedsWithin(Duration.ofSeconds(5))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);
    }

    @Test
    void shouldFindNothingNowAndThen() {
        // Given
        String url = create("dlq");
        send(url, "text", Map.of());
        fake.become(Behaviour.CALM.with(Trait.EMPTY_RECEIVE, 1));

        // When / Then
        assertThat(receive(url, 0)).isEmpty();
        assertThat(receive(url, 1)).hasSize(1);
    }

    private String create(String name) {
        return clients.sqs.createQueue(queue -> queue.queueName(name)).queueUrl();
    }

    private Map<QueueAttributeName, String> attributes(String url) {
        return clients.sqs
                .getQueueAttributes(queue -> queue.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
    }

    private void send(String url, String body, Map<String, MessageAttributeValue> attributes) {
        clients.sqs.sendMessage(
                message -> message.queueUrl(url).messageBody(body).messageAttributes(attributes));
    }

    private List<Message> receive(String url, int waitSeconds) {
        return clients.sqs
                .receiveMessage(receive -> receive.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(waitSeconds)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private static ChangeMessageVisibilityBatchRequestEntry visibility(String id, String handle) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(handle)
                .visibilityTimeout(0)
                .build();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
