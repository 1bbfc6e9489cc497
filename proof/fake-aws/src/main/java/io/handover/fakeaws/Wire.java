package io.handover.fakeaws;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A protocol of AWS. Operations see JSON objects whichever protocol a client uses. */
enum Wire {
    /** AWS JSON 1.0 and 1.1: the operation in a header, JSON both ways. */
    JSON {
        @Override
        String operation(HttpServerRequest request, Buffer body) {
            String target = request.getHeader(TARGET);
            return target.substring(target.lastIndexOf('.') + 1);
        }

        @Override
        JsonObject input(Buffer body) {
            return body.length() == 0 ? new JsonObject() : new JsonObject(body);
        }

        @Override
        Buffer answer(String operation, JsonObject output) {
            return Buffer.buffer(new JsonObject(bare(output, true)).encode());
        }

        @Override
        Buffer error(AwsError error) {
            return Buffer.buffer(new JsonObject()
                    .put("__type", error.code())
                    .put("message", error.message())
                    .encode());
        }

        @Override
        String contentType(HttpServerRequest request) {
            return request.getHeader("Content-Type");
        }
    },

    /** The query protocol: a form in, XML out. */
    QUERY {
        @Override
        String operation(HttpServerRequest request, Buffer body) {
            return parameters(body).getOrDefault("Action", "");
        }

        @Override
        JsonObject input(Buffer body) {
            Map<String, Object> root = new TreeMap<>();
            parameters(body).forEach((name, value) -> put(root, name, value));
            return new JsonObject(collapsed(root));
        }

        @Override
        Buffer answer(String operation, JsonObject output) {
            return Buffer.buffer("<" + operation + "Response xmlns=\"https://amazonaws.com/doc/fake/\">"
                    + element(operation + "Result", output.getMap())
                    + "<ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></" + operation + "Response>");
        }

        @Override
        Buffer error(AwsError error) {
            return Buffer.buffer("<ErrorResponse><Error><Type>Sender</Type>" + element("Code", error.queryCode())
                    + element("Message", error.message()) + "</Error><RequestId>fake</RequestId></ErrorResponse>");
        }

        @Override
        String contentType(HttpServerRequest request) {
            return "text/xml";
        }
    },

    /** Smithy RPC v2 with CBOR: the operation in the path, CBOR both ways. */
    CBOR {
        @Override
        String operation(HttpServerRequest request, Buffer body) {
            return request.path().substring(request.path().lastIndexOf('/') + 1);
        }

        @Override
        @SuppressWarnings("unchecked") // keys of CBOR maps are decoded as strings
        JsonObject input(Buffer body) {
            return new JsonObject((Map<String, Object>) Cbor.decode(body.getBytes()));
        }

        @Override
        Buffer answer(String operation, JsonObject output) {
            return Buffer.buffer(Cbor.encode(bare(output, false)));
        }

        @Override
        Buffer error(AwsError error) {
            return Buffer.buffer(Cbor.encode(Map.of("__type", error.code(), "message", error.message())));
        }

        @Override
        String contentType(HttpServerRequest request) {
            return "application/cbor";
        }
    };

    private static final String TARGET = "X-Amz-Target";

    static Wire of(HttpServerRequest request) {
        MultiMap headers = request.headers();
        return headers.contains(TARGET) ? JSON : headers.contains("smithy-protocol") ? CBOR : QUERY;
    }

    abstract String operation(HttpServerRequest request, Buffer body);

    abstract JsonObject input(Buffer body);

    /** Encodes an output. Its values are texts, numbers, booleans, instants, lists and maps. */
    abstract Buffer answer(String operation, JsonObject output);

    abstract Buffer error(AwsError error);

    abstract String contentType(HttpServerRequest request);

    /** Returns an object as maps and lists. Instants become seconds since 1970 if wanted. */
    private static Map<String, Object> bare(JsonObject object, boolean instantsAsSeconds) {
        Map<String, Object> bare = new LinkedHashMap<>();
        object.getMap().forEach((key, value) -> bare.put(key, bareValue(value, instantsAsSeconds)));
        return bare;
    }

    private static Object bareValue(Object value, boolean instantsAsSeconds) {
        if (value instanceof JsonObject object) {
            return bare(object, instantsAsSeconds);
        }
        if (value instanceof JsonArray array) {
            return bareValue(array.getList(), instantsAsSeconds);
        }
        if (value instanceof Map<?, ?> map) {
            return bare(new JsonObject(stringKeys(map)), instantsAsSeconds);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(one -> bareValue(one, instantsAsSeconds)).toList();
        }
        return value instanceof Instant instant && instantsAsSeconds ? instant.toEpochMilli() / 1_000.0 : value;
    }

    @SuppressWarnings("unchecked") // the keys of JSON objects are strings
    private static Map<String, Object> stringKeys(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    private static Map<String, String> parameters(Buffer body) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : body.toString().split("&", -1)) {
            int end = parameter.indexOf('=');
            if (end > 0) {
                parameters.put(decoded(parameter.substring(0, end)), decoded(parameter.substring(end + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // inner nodes are maps of this kind
    private static void put(Map<String, Object> root, String name, String value) {
        Map<String, Object> node = root;
        String[] path = name.split("\\.", -1);
        for (int i = 0; i < path.length - 1; i++) {
            node = (Map<String, Object>) node.computeIfAbsent(path[i], key -> new TreeMap<>(Wire::byNumber));
        }
        node.put(path[path.length - 1], value);
    }

    private static int byNumber(String a, String b) {
        return a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());
    }

    /** Turns nodes named member with numbers below them into lists. */
    private static Map<String, Object> collapsed(Map<String, Object> node) {
        Map<String, Object> collapsed = new LinkedHashMap<>();
        node.forEach((key, value) -> collapsed.put(key, collapsedValue(value)));
        return collapsed;
    }

    @SuppressWarnings("unchecked") // inner nodes are maps of this kind
    private static Object collapsedValue(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        if (map.get("member") instanceof Map<?, ?> members) {
            return new ArrayList<>(
                    members.values().stream().map(Wire::collapsedValue).toList());
        }
        return collapsed((Map<String, Object>) map);
    }

    private static String element(String name, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        StringBuilder content = new StringBuilder();
        if (value instanceof JsonObject object) {
            return element(name, object.getMap());
        } else if (value instanceof JsonArray array) {
            return element(name, array.getList());
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) -> content.append(element(String.valueOf(key), child)));
        } else if (value instanceof List<?> list) {
            // The entries of a map have no element around them.
            if (name.equals("entry")) {
                list.forEach(entry -> content.append(element(name, entry)));
                return content.toString();
            }
            list.forEach(member -> content.append(element("member", member)));
        } else {
            content.append(String.valueOf(value)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;"));
        }
        return "<" + name + ">" + content + "</" + name + ">";
    }
}
