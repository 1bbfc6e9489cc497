package io.handover.fakeaws;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tags of a resource. */
final class Tags {

    private final Map<String, String> tags = new TreeMap<>();

    /** Adds tags in the form of most services: a list of keys and values, or null. */
    void add(@Nullable JsonArray list) {
        if (list != null) {
            for (int i = 0; i < list.size(); i++) {
                JsonObject tag = list.getJsonObject(i);
                tags.put(tag.getString("Key"), tag.getString("Value"));
            }
        }
    }

    /** Adds tags in the form of SQS: an object, or null. */
    void add(@Nullable JsonObject map) {
        if (map != null) {
            map.forEach(tag -> tags.put(tag.getKey(), String.valueOf(tag.getValue())));
        }
    }

    JsonArray list() {
        JsonArray list = new JsonArray();
        tags.forEach((key, value) -> list.add(new JsonObject().put("Key", key).put("Value", value)));
        return list;
    }

    JsonObject map() {
        JsonObject map = new JsonObject();
        tags.forEach(map::put);
        return map;
    }
}
