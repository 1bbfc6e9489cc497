package io.handover.ingress;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document of the bridge, with access by JSON pointers. */
final class OpenApiDocument {

    static final String TEXT = read("openapi.json");
    static final String PATH = "/paths/" + escaped(DeliveryEndpoint.PATH);
    static final String OPERATION = PATH + "/post";
    static final String RESPONSES = OPERATION + "/responses";
    static final String JSON_CONTENT = "/content/" + escaped("application/json");
    static final String REQUEST = OPERATION + "/requestBody" + JSON_CONTENT;

    private static final JsonObject DOCUMENT = new JsonObject(TEXT);
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(Dialects.getOpenApi31());

    private OpenApiDocument() {}

    /** The value at the pointer; null if there is none. */
    static @Nullable Object find(String pointer) {
        return JsonPointer.from(pointer).queryJson(DOCUMENT);
    }

    /** The object at the pointer; an empty one if there is none. */
    static JsonObject object(String pointer) {
        return find(pointer) instanceof JsonObject object ? object : new JsonObject();
    }

    /** All objects of the document by their pointers. */
    static Map<String, JsonObject> objects() {
        Map<String, JsonObject> found = new LinkedHashMap<>();
        collect("", DOCUMENT, found);
        return found;
    }

    /** The documented statuses. */
    static Set<String> statuses() {
        return object(RESPONSES).fieldNames();
    }

    /** The documented outcomes of a status. */
    static Set<String> outcomes(String status) {
        Object outcomes = find(RESPONSES + "/" + status + JSON_CONTENT + "/schema/properties/outcome/enum");
        Set<String> labels = new TreeSet<>();
        if (outcomes instanceof JsonArray array) {
            array.forEach(label -> labels.add((String) label));
        }
        return labels;
    }

    /** The errors of the JSON according to the schema at the pointer. */
    static List<Error> errors(String pointer, String json) {
        return SCHEMAS.getSchema(SchemaLocation.of("classpath:io/handover/ingress/openapi.json#" + pointer))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    /** The text of a resource beside the classes of the bridge, or at an absolute name. */
    static String read(String resource) {
        try (InputStream bytes =
                Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream(resource), resource)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name escaped for a JSON pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static void collect(String pointer, Object node, Map<String, JsonObject> found) {
        if (node instanceof JsonObject object) {
            found.put(pointer, object);
            object.forEach(field -> collect(pointer + "/" + escaped(field.getKey()), field.getValue(), found));
        } else if (node instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                collect(pointer + "/" + i, array.getValue(i), found);
            }
        }
    }
}
