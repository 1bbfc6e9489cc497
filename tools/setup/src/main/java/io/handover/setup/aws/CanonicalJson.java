package io.handover.setup.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * JSON in one form, so that texts with the same meaning are equal: without spaces, with sorted fields and sorted arrays,
 * and with a value instead of an array of one value. That suits patterns and policies, in which no order counts.
 */
final class CanonicalJson {

    private static final JsonMapper MAPPER = new JsonMapper();

    private CanonicalJson() {}

    /** Returns the canonical form; a text that is no JSON comes back as it is. */
    static String of(String text) {
        try {
            return canonical(MAPPER.readTree(text)).toString();
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** Reads JSON; a text that is no JSON becomes a missing node. */
    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }

    private static JsonNode canonical(JsonNode json) {
        if (json.isObject()) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            json.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            fields.forEach(sorted::set);
            return sorted;
        }
        if (json.isArray()) {
            List<JsonNode> items = new ArrayList<>();
            json.forEach(item -> items.add(canonical(item)));
            if (items.size() == 1) {
                return items.get(0);
            }
            items.sort(Comparator.comparing(JsonNode::toString));
            ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
            items.forEach(sorted::add);
            return sorted;
        }
        return json;
    }
}
