package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A connection of EventBridge: the key for API destinations, and whether it is authorized. */
final class Connection {

    private final Instant created = Instant.now();
    private final String name;
    private final String arn;
    private final String secretArn;
    private @Nullable String description;
    private Instant modified = created;
    private @Nullable Instant authorized;
    private String keyName;
    private String newKey;
    /** The key that requests are sent with, or null if the connection is not authorized. */
    private @Nullable String key;

    private String busyState = "CREATING";
    private String finalState = "AUTHORIZED";
    private String stateReason = "";
    private @Nullable Progress progress;

    Connection(String name, String arn, String secretArn, @Nullable String description, JsonObject apiKey) {
        this.name = name;
        this.arn = arn;
        this.secretArn = secretArn;
        this.description = description;
        this.keyName = apiKey.getString("ApiKeyName");
        this.newKey = apiKey.getString("ApiKeyValue");
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    String keyName() {
        return keyName;
    }

    /** The key for requests. While a new key is being authorized the old one is used. */
    @Nullable
    String key() {
        settle();
        return key;
    }

    void describeAs(String newDescription) {
        description = newDescription;
        modified = Instant.now();
    }

    /** Authorizes the connection with a key. It takes its time. */
    void authorize(JsonObject apiKey, Progress newProgress) {
        keyName = apiKey.getString("ApiKeyName", keyName);
        newKey = apiKey.getString("ApiKeyValue", newKey);
        busyState = key == null && authorized == null ? "CREATING" : "UPDATING";
        finalState = "AUTHORIZED";
        progress = newProgress;
        modified = Instant.now();
        settle();
    }

    /** Takes the key away, as AWS does after a 401 or 407. A new key that is being authorized stays. */
    void deauthorize(String reason) {
        key = null;
        if (progress != null) {
            return;
        }
        finalState = "DEAUTHORIZED";
        stateReason = reason;
        modified = Instant.now();
    }

    void delete(Progress newProgress) {
        key = null;
        busyState = "DELETING";
        finalState = "DELETED";
        progress = newProgress;
    }

    /** Whether the connection is on its way to another state. AWS refuses changes then. */
    boolean isBusy() {
        settle();
        return progress != null;
    }

    boolean isDeleted() {
        settle();
        return progress == null && finalState.equals("DELETED");
    }

    boolean isAuthorized() {
        settle();
        return progress == null && finalState.equals("AUTHORIZED");
    }

    String state() {
        settle();
        if (progress == null) {
            return finalState;
        }
        return finalState.equals("AUTHORIZED") && progress.remaining() == 1 ? "AUTHORIZING" : busyState;
    }

    void advance() {
        if (progress != null) {
            progress.advance();
        }
    }

    private void settle() {
        if (progress != null && progress.isReady()) {
            progress = null;
            if (finalState.equals("AUTHORIZED")) {
                key = newKey;
                authorized = Instant.now();
                stateReason = "";
            }
        }
    }

    /** The answer to a change. */
    JsonObject summary() {
        JsonObject json = new JsonObject()
                .put("ConnectionArn", arn)
                .put("ConnectionState", state())
                .put("CreationTime", created)
                .put("LastModifiedTime", modified);
        return authorized == null ? json : json.put("LastAuthorizedTime", authorized);
    }

    /** The answer to a describe. It never has the key. */
    JsonObject json() {
        JsonObject json = summary()
                .put("Name", name)
                .put("AuthorizationType", "API_KEY")
                .put("SecretArn", secretArn)
                .put(
                        "AuthParameters",
                        new JsonObject().put("ApiKeyAuthParameters", new JsonObject().put("ApiKeyName", keyName)));
        if (description != null) {
            json.put("Description", description);
        }
        return stateReason.isEmpty() ? json : json.put("StateReason", stateReason);
    }
}
