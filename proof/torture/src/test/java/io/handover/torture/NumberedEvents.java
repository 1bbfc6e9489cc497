package io.handover.torture;

import io.handover.torture.EventBridge.Event;
import java.util.UUID;

/** Numbered events, all different. Their JSON is formatted as no writer would format it, so a rewritten body is noticed. */
final class NumberedEvents {

    static final String ORGANIZATION = "my-organization";

    private static final int PER_CONVERSATION = 3;
    private static final int LARGE_ONE_IN = 20;
    private static final int LARGE_BYTES = 600_000;

    private static final String ENVELOPE = """
            {"version":"0" , "id":"%s",
             "detail-type":"v2.detail.events.conversation.{id}.user.end","unknown":[1.0,1e2,null,"Zo\\u00eb Zoë 👋"],
             "source":"aws.partner/genesys.com/cloud/22222222-2222-4222-8222-222222222222/%s",
             "detail":{"topicName":"v2.detail.events.conversation.%s.user.end",
              "eventBody":{"eventTime":1767323045000,"mediaType":"MESSAGE","messageType":"OPEN" }}}%s
            """;

    private NumberedEvents() {}

    /** Returns the event with that number. One in twenty is so large that it needs a batch of its own. */
    static Event event(int number) {
        return event(number, number % LARGE_ONE_IN == 1 ? LARGE_BYTES : number % 1_000);
    }

    /** Returns the event with that number, padded with so many bytes. */
    static Event event(int number, int padding) {
        String conversationId = new UUID(1, number / PER_CONVERSATION).toString();
        String id = new UUID(2, number).toString();
        return new Event(id, conversationId, ENVELOPE.formatted(id, ORGANIZATION, conversationId, " ".repeat(padding)));
    }
}
