package io.handover.fakeaws;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a target gets of an event: the whole event, a constant, a part, or a template. Paths have names of fields and
 * indices only.
 */
final class TargetInput {

    private TargetInput() {}

    static String of(JsonObject target, JsonObject event) {
        if (target.containsKey("Input")) {
            return target.getString("Input");
        }
        if (target.containsKey("InputPath")) {
            return Json.encode(find(event, target.getString("InputPath")));
        }
        JsonObject transformer = target.getJsonObject("InputTransformer");
        return transformer == null ? event.encode() : transformed(transformer, event);
    }

    private static String transformed(JsonObject transformer, JsonObject event) {
        String text = transformer.getString("InputTemplate").replace("<aws.events.event.json>", event.encode());
        for (Map.Entry<String, Object> path : transformer.getJsonObject("InputPathsMap", new JsonObject())) {
            Object value = find(event, String.valueOf(path.getValue()));
            text = text.replace("<" + path.getKey() + ">", value instanceof String plain ? plain : Json.encode(value));
        }
        return text;
    }

    private static @Nullable Object find(JsonObject event, String path) {
        Object value = event;
        for (String step : path.substring(1).split("[.\\[\\]]+", -1)) {
            if (step.isEmpty()) {
                continue;
            }
            if (value instanceof JsonObject object) {
                value = object.getValue(step);
            } else if (value instanceof JsonArray array && step.matches("[0-9]+")) {
                int index = Integer.parseInt(step);
                value = index < array.size() ? array.getValue(index) : null;
            } else {
                return null;
            }
        }
        return value;
    }
}
