package io.handover.fakegenesys;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A user of the fake.
 *
 * @param id the user id
 * @param name the name
 * @param preferredName the preferred name, or null if the user has none
 * @param state whether the user is active, inactive or deleted
 * @param images the address of the picture by resolution, for example by {@code x96}
 */
public record FakeAgent(
        String id, String name, @Nullable String preferredName, State state, Map<String, String> images) {

    private static final List<String> RESOLUTIONS = List.of("x48", "x96", "x128", "x200", "x300", "x400", "640x480");

    /** The state of a user of Genesys. */
    public enum State {
        ACTIVE,
        INACTIVE,
        DELETED
    }

    public FakeAgent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }

    /** An active user without a picture. */
    public FakeAgent(String id, String name) {
        this(id, name, null, State.ACTIVE, Map.of());
    }

    public FakeAgent withPreferredName(String newPreferredName) {
        return new FakeAgent(id, name, newPreferredName, state, images);
    }

    public FakeAgent withState(State newState) {
        return new FakeAgent(id, name, preferredName, newState, images);
    }

    /** The user with a picture in every resolution of Genesys. The function returns the address for a resolution. */
    public FakeAgent withImages(UnaryOperator<String> address) {
        Map<String, String> newImages = new LinkedHashMap<>();
        RESOLUTIONS.forEach(resolution -> newImages.put(resolution, address.apply(resolution)));
        return new FakeAgent(id, name, preferredName, state, newImages);
    }

    boolean isDeleted() {
        return state == State.DELETED;
    }

    /** The user as the Platform API describes it. A field without a value is absent. */
    JsonObject toJson() {
        String mail = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", ".") + "@example.com";
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("division", new JsonObject().put("id", "d1000000-0000-4000-8000-000000000001"))
                .put("department", "Service")
                .put("email", mail)
                .put("state", state.name().toLowerCase(Locale.ROOT))
                .put("username", mail)
                .put("version", 7)
                .put("acdAutoAnswer", false)
                .put("selfUri", "/api/v2/users/" + id);
        if (preferredName != null) {
            json.put("preferredName", preferredName);
        }
        if (!images.isEmpty()) {
            JsonArray list = new JsonArray();
            images.forEach((resolution, uri) ->
                    list.add(new JsonObject().put("resolution", resolution).put("imageUri", uri)));
            json.put("images", list);
        }
        return json;
    }
}
