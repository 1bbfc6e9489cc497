package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of streams-app. It checks answers against itself. */
final class OpenApiDocument {

    static final String TEXT = read();
    static final JsonObject JSON = toJson();

    private static final String ID = "urn:openapi";
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(ID, JSON.encode())));

    private OpenApiDocument() {}

    private static String read() {
        try (InputStream in = Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream("openapi.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject toJson() {
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(TEXT);
        return new JsonObject(new JsonObject(document).encode());
    }

    /** The object at the pointer; references are followed. */
    static @Nullable JsonObject find(String pointer) {
        Object found = JsonPointer.from(pointer).queryJson(JSON);
        if (found instanceof JsonObject object) {
            String reference = object.getString("$ref");
            return reference == null ? object : find(reference.substring(1));
        }
        return null;
    }

    /** The pointer after following references. */
    private static String resolved(String pointer) {
        Object found = JsonPointer.from(pointer).queryJson(JSON);
        String reference = found instanceof JsonObject object ? object.getString("$ref") : null;
        return reference == null ? pointer : resolved(reference.substring(1));
    }

    /**
     * Checks an answer against the document, and returns it.
     *
     * @param path the path in the document
     */
    static HttpResponse<String> checked(String path, HttpResponse<String> response) {
        String operation = response.request().method().toLowerCase(Locale.ROOT);
        String operations = "/paths/" + escaped(path);
        if (response.statusCode() == 405) {
            assertThat(find(operations + '/' + operation))
                    .as("an operation that exists")
                    .isNull();
            operation = Objects.requireNonNull(find(operations)).containsKey("post") ? "post" : "get";
        }
        String answer = resolved(operations + '/' + operation + "/responses/" + response.statusCode());
        JsonObject documented = find(answer);
        assertThat(documented)
                .as("%s %s answered with %s: %s", operation, path, response.statusCode(), response.body())
                .isNotNull();
        Objects.requireNonNull(documented)
                .getJsonObject("headers", new JsonObject())
                .fieldNames()
                .forEach(name -> assertThat(response.headers().allValues(name))
                        .as("header " + name)
                        .hasSize(1));
        String type = response.headers().firstValue("content-type").orElse("");
        assertThat(documented.getJsonObject("content").fieldNames()).contains(type);
        if (type.equals("application/json")) {
            String schema = answer + "/content/" + escaped(type) + "/schema";
            assertThat(errors(schema, response.body()))
                    .as("errors in %s", response.body())
                    .isEmpty();
        }
        return response;
    }

    static List<Error> errors(String pointer, String json) {
        return SCHEMAS.getSchema(SchemaLocation.of(ID + '#' + pointer))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
