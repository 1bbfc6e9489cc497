package io.handover.setup.aws;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Reads the messages of the dead letter queue, each once. A message that was read is invisible to other readers for a
 * while; {@link #release} makes those visible again that were not deleted.
 */
public final class QueueMessages {

    private static final int BATCH = 10;
    private static final int PEEKED = 100;
    private static final Duration INVISIBLE = Duration.ofMinutes(2);

    private final AwsAccount aws;
    private final String url;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> heldHandles = new LinkedHashMap<>();

    QueueMessages(AwsAccount aws, String url) {
        this.aws = aws;
        this.url = url;
    }

    /**
     * Returns messages that were not read yet; nothing if there are no more. Because it waits, SQS asks all of its servers,
     * so that an empty answer means an empty queue.
     */
    public List<QueueMessage> next() {
        while (true) {
            List<QueueMessage> received = aws
                    .call(
                            "sqs:ReceiveMessage",
                            () -> aws.sqs()
                                    .receiveMessage(r -> r.queueUrl(url)
                                            .maxNumberOfMessages(BATCH)
                                            .waitTimeSeconds(1)
                                            .visibilityTimeout((int) INVISIBLE.toSeconds())
                                            .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP)
                                            .messageAttributeNames("All")))
                    .messages()
                    .stream()
                    .map(QueueMessage::of)
                    .toList();
            received.forEach(message -> heldHandles.put(message.id(), message.handle()));
            List<QueueMessage> unseen =
                    received.stream().filter(message -> seen.add(message.id())).toList();
            // Messages that are kept become visible again. Behind them there may be some that were not read yet.
            if (received.isEmpty() || !unseen.isEmpty()) {
                return unseen;
            }
        }
    }

    /** Deletes a message. */
    public void delete(QueueMessage message) {
        aws.call(
                "sqs:DeleteMessage",
                () -> aws.sqs().deleteMessage(r -> r.queueUrl(url).receiptHandle(message.handle())));
        heldHandles.remove(message.id());
    }

    /** Makes the messages visible again that were read and not deleted. */
    public void release() {
        List<Map.Entry<String, String>> held = new ArrayList<>(heldHandles.entrySet());
        for (int from = 0; from < held.size(); from += BATCH) {
            List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
            for (Map.Entry<String, String> one : held.subList(from, Math.min(from + BATCH, held.size()))) {
                entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(String.valueOf(entries.size()))
                        .receiptHandle(one.getValue())
                        .visibilityTimeout(0)
                        .build());
            }
            aws.call(
                    "sqs:ChangeMessageVisibility",
                    () -> aws.sqs()
                            .changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(entries)));
        }
        heldHandles.clear();
    }

    /** Looks at some messages, and leaves them in the queue. */
    List<QueueMessage> peek() {
        List<QueueMessage> messages = new ArrayList<>();
        try {
            for (List<QueueMessage> some = next(); !some.isEmpty() && messages.size() < PEEKED; some = next()) {
                messages.addAll(some);
            }
        } finally {
            release();
        }
        return messages;
    }
}
