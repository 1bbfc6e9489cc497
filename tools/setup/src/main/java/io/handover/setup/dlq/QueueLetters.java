package io.handover.setup.dlq;

import io.handover.setup.aws.QueueMessage;
import io.handover.setup.aws.QueueMessages;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The dead letters of the rule: messages of the queue in SQS. */
final class QueueLetters implements DeadLetters {

    private final QueueMessages messages;
    private final AutoCloseable account;
    private final Map<String, QueueMessage> open = new HashMap<>();

    /** @param account what {@link #close} closes too */
    QueueLetters(QueueMessages messages, AutoCloseable account) {
        this.messages = messages;
        this.account = account;
    }

    @Override
    public List<DeadLetter> next() {
        return messages.next().stream().map(this::letter).toList();
    }

    private DeadLetter letter(QueueMessage message) {
        open.put(message.id(), message);
        return new DeadLetter(
                message.id(),
                message.body().getBytes(StandardCharsets.UTF_8),
                message.cause(),
                message.sentAt(),
                message.attributes());
    }

    @Override
    public void remove(DeadLetter letter) {
        messages.delete(Objects.requireNonNull(open.remove(letter.id()), letter.id()));
    }

    @Override
    public void keep(DeadLetter letter) {
        open.remove(letter.id());
    }

    @Override
    public String keptWhere() {
        return "in the queue";
    }

    @Override
    public void close() {
        messages.release();
        try {
            account.close();
        } catch (Exception e) {
            throw new IllegalStateException("Expected the connections to close, but they do not", e);
        }
    }
}
