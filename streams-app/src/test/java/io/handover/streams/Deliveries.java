package io.handover.streams;

import java.time.Instant;
import java.util.Locale;

/** EventBridge envelopes as Genesys sends them, with made-up ids. */
final class Deliveries {

    private Deliveries() {}

    static String customerEnd(String conversation, Instant time) {
        return envelope(conversation, "customer.end", "customer", time, """
                "disconnectType": "PEER", "addressFrom": "customer-of-%s"
                """.formatted(conversation));
    }

    static String userStart(String conversation, String agent, Instant time) {
        return envelope(conversation, "user.start", agent, time, agent(conversation, agent));
    }

    static String userEnd(String conversation, String agent, Instant time, String disconnectType) {
        return envelope(
                conversation,
                "user.end",
                agent,
                time,
                agent(conversation, agent) + ", \"interactingDurationMs\": 1000, \"disconnectType\": \""
                        + disconnectType + '"');
    }

    static String acw(String conversation, String agent, Instant time) {
        return envelope(conversation, "acw", agent, time, agent(conversation, agent));
    }

    private static String agent(String conversation, String agent) {
        return """
                "userId": "%s", "queueId": "queue-1", "addressTo": "customer-of-%s"
                """.formatted(agent, conversation).strip();
    }

    private static String envelope(String conversation, String type, String session, Instant time, String body) {
        return String.format(Locale.ROOT, """
                {"version": "0", "id": "event-%2$s-%3$s-%4$d", "detail-type": "v2.detail.events.conversation.{id}.%2$s",
                 "source": "aws.partner/genesys.com/cloud/genesys-organization/organization-1", "account": "123456789012",
                 "time": "%5$s", "region": "eu-central-1", "resources": [],
                 "detail": {"topicName": "v2.detail.events.conversation.%1$s.%2$s", "version": "2",
                  "timestamp": "%5$s", "metadata": {"CorrelationId": "correlation-1"},
                  "eventBody": {"eventTime": %4$d, "conversationId": "%1$s", "participantId": "participant-%3$s",
                   "sessionId": "session-%3$s", "mediaType": "MESSAGE", "messageType": "OPEN", %6$s}}}
                """, conversation, type, session, time.toEpochMilli(), time, body);
    }
}
