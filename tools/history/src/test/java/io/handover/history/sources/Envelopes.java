package io.handover.history.sources;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Deliveries as EventBridge sends them, with made-up ids. */
public final class Envelopes {

    static final Instant START = Instant.parse("2026-01-15T10:00:00Z");

    private Envelopes() {}

    /** Arrived so many seconds after the start. */
    public static String customerEnd(String conversation, long second) {
        return envelope(conversation, second, "");
    }

    /** What makes it hard to see where an object ends: braces, quotes and characters of several bytes in its texts. */
    public static String awkward(String conversation, long second, String note) {
        return envelope(
                conversation,
                second,
                ",\"subject\":\"}{ \\\" \\\\\",\"note\":\"" + note + "\",\"parts\":[{\"a\":{}},{\"b\":[1,[{}]]}]");
    }

    private static String envelope(String conversation, long second, String more) {
        return """
                {"version":"0","id":"event-%1$s-%2$d","detail-type":"v2.detail.events.conversation.{id}.customer.end",\
                "source":"aws.partner/genesys.com/cloud/genesys-organization/organization-1","time":"%3$s",\
                "detail":{"topicName":"v2.detail.events.conversation.%1$s.customer.end",\
                "eventBody":{"eventTime":%4$d,"conversationId":"%1$s","mediaType":"MESSAGE"%5$s}}}""".formatted(
                        conversation,
                        second,
                        START.plusSeconds(second),
                        START.plusSeconds(second).toEpochMilli(),
                        more);
    }

    /** The old data action's body. */
    public static String dataAction(String conversation, long second) {
        return """
                {"topic":"v2.detail.events.conversation.id.acw","userId":"customer-1","conversationId":"%s",\
                "eventTime":"%s"}""".formatted(conversation, START.plusSeconds(second));
    }

    public static long millis(long second) {
        return START.plusSeconds(second).toEpochMilli();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public static List<PastDelivery> drain(PastDeliveries deliveries) {
        List<PastDelivery> all = new ArrayList<>();
        for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
            all.add(next);
        }
        return all;
    }

    public static List<String> json(List<PastDelivery> deliveries) {
        return deliveries.stream().map(delivery -> text(delivery.json())).toList();
    }
}
