package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;

/** Checks an answer against the OpenAPI document. */
final class OpenApiContract {

    private static final String POST = "POST";
    private static final String METHOD_NOT_ALLOWED = "405";

    /** Also the statuses of a request that could not be parsed far enough. */
    private static final Set<String> OF_OTHER_METHODS = Set.of(METHOD_NOT_ALLOWED, "400", "414", "431");

    private OpenApiContract() {}

    /** Checks the answer if it belongs to a delivery, and returns it. */
    static HttpResponse<String> checked(HttpResponse<String> response) {
        if (response.uri().getPath().equals(DeliveryEndpoint.PATH)) {
            check(response.request().method(), response.statusCode(), response.headers(), response.body());
        }
        return response;
    }

    static void check(String method, int statusCode, HttpHeaders headers, String body) {
        String status = String.valueOf(statusCode);
        String pointer = OpenApiDocument.RESPONSES + "/" + status;
        assertThat(OpenApiDocument.statuses()).as("documented statuses").contains(status);
        if (method.equals(POST)) {
            assertThat(status).as("status of a POST").isNotEqualTo(METHOD_NOT_ALLOWED);
        } else {
            assertThat(OF_OTHER_METHODS).as("statuses of a " + method).contains(status);
        }
        OpenApiDocument.object(pointer + "/headers").forEach(header -> checkHeader(pointer, header, headers));
        assertThat(headers.allValues("content-type"))
                .as("content type of " + status)
                .singleElement()
                .isIn(OpenApiDocument.object(pointer + "/content").fieldNames());
        if (!method.equals("HEAD")) {
            assertThat(OpenApiDocument.errors(pointer + OpenApiDocument.JSON_CONTENT + "/schema", body))
                    .as("errors in %s with %s", status, body)
                    .isEmpty();
        }
    }

    private static void checkHeader(String pointer, Map.Entry<String, Object> documented, HttpHeaders headers) {
        String name = documented.getKey();
        if (((JsonObject) documented.getValue()).getBoolean("required", false)) {
            assertThat(headers.allValues(name)).as("header " + name).hasSize(1);
        }
        for (String value : headers.allValues(name)) {
            String json = value.matches("[0-9]+") ? value : Json.encode(value);
            assertThat(OpenApiDocument.errors(pointer + "/headers/" + name + "/schema", json))
                    .as("errors in header %s: %s", name, value)
                    .isEmpty();
        }
    }
}
