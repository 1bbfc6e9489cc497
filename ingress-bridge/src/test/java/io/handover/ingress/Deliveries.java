package io.handover.ingress;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Delivery bodies as the senders send them. */
final class Deliveries {

    static final String ORGANIZATION = "my-organization";
    static final String CONVERSATION = "11111111-1111-4111-8111-111111111111";
    static final String CUSTOMER = "external-user-0001";
    static final String SOURCE = "aws.partner/genesys.com/cloud/22222222-2222-4222-8222-222222222222/" + ORGANIZATION;

    private static final String ENVELOPE = """
            {"version":"0","id":"33333333-3333-4333-8333-333333333333",
             "detail-type":"v2.detail.events.conversation.{id}.%1$s","source":"%2$s","time":"2026-01-02T03:04:05Z",
             "detail":{"topicName":"v2.detail.events.conversation.%3$s.%1$s","version":"2",
              "eventBody":{"eventTime":1767323045000,"disconnectType":"PEER"%4$s},
              "timestamp":"2026-01-02T03:04:05.250Z"}}
            """;

    private Deliveries() {}

    static byte[] customerEnd() {
        return envelope("customer.end", SOURCE, CONVERSATION, mediaType("MESSAGE") + messageType("OPEN"));
    }

    static byte[] ofSource(String source) {
        return envelope("customer.end", source, CONVERSATION, "");
    }

    static byte[] ofTopic(String suffix) {
        return envelope(suffix, SOURCE, CONVERSATION, "");
    }

    static byte[] withBody(String moreFields) {
        return envelope("customer.end", SOURCE, CONVERSATION, moreFields);
    }

    static byte[] withoutConversation() {
        return envelope("customer.end", SOURCE, "{id}", "");
    }

    static byte[] presence() {
        return utf8("""
                {"detail-type":"v2.users.{id}.presence","source":"%s",
                 "detail":{"topicName":"v2.users.44444444-4444-4444-8444-444444444444.presence","eventBody":{}}}
                """.formatted(SOURCE));
    }

    static byte[] dataAction() {
        return dataAction("user.end", "");
    }

    static byte[] dataAction(String topic, String moreFields) {
        return utf8("""
                {"userId":"%s","topic":"v2.detail.events.conversation.id.%s","disconnectType":"CLIENT"%s}
                """.formatted(CUSTOMER, topic, moreFields));
    }

    static byte[] unreadable() {
        return utf8("secret={nobody reads this}");
    }

    static String mediaType(String mediaType) {
        return ",\"mediaType\":\"" + mediaType + "\"";
    }

    static String messageType(String messageType) {
        return ",\"messageType\":\"" + messageType + "\"";
    }

    /** HMAC-SHA256 of the body in hexadecimal digits. */
    static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(utf8(secret), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] envelope(String suffix, String source, String conversation, String moreFields) {
        return utf8(ENVELOPE.formatted(suffix, source, conversation, moreFields));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
