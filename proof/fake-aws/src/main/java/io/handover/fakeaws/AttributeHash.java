package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/** The hashes that SQS returns for a message and that SDKs compare. */
final class AttributeHash {

    private static final int TEXT = 1;

    private AttributeHash() {}

    static String ofBody(String body) {
        return md5(bytes(body));
    }

    /** Returns the hash of text attributes. */
    static String of(JsonObject attributes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : new TreeSet<>(attributes.fieldNames())) {
            JsonObject attribute = attributes.getJsonObject(name);
            write(all, name);
            write(all, attribute.getString("DataType"));
            all.write(TEXT);
            write(all, attribute.getString("StringValue"));
        }
        return md5(all.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes(text).length).array());
        out.writeBytes(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected MD5 in every JVM, but it is missing", e);
        }
    }
}
