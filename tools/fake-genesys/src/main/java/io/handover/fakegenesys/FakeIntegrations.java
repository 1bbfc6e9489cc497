package io.handover.fakegenesys;

import io.handover.fakegenesys.Behaviour.Answer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The integrations of the fake, and the topics that they can use. An integration becomes active only some reads after it
 * was enabled.
 */
public final class FakeIntegrations {

    /** The permissions that the calls need. */
    public static final List<String> PERMISSIONS = List.of(
            "integrations:integration:view",
            "integrations:integration:add",
            "integrations:integration:edit",
            "integrations:integration:delete");

    private static final String ROOT = "/api/v2/integrations";
    private static final String TOPICS = "/api/v2/notifications/availabletopics";
    private static final Pattern PATH = Pattern.compile(ROOT + "(?:/([^/]+)(/config/current)?)?");
    private static final String TYPE = "amazon-eventbridge-source";
    private static final String SUFFIX_FORM = "[A-Za-z0-9._-]{1,64}";
    private static final int READS_UNTIL_ACTIVE = 2;

    private final Map<String, Integration> integrations = new LinkedHashMap<>();
    private final TreeSet<String> permissions = new TreeSet<>(PERMISSIONS);
    private final Set<String> withheld = new HashSet<>();
    private BiConsumer<JsonObject, Boolean> listener = (properties, active) -> {};

    FakeIntegrations() {}

    private static final class Integration {
        final String id = UUID.randomUUID().toString();
        final String type;
        String name;
        String intendedState = "DISABLED";
        int readsUntilActive = READS_UNTIL_ACTIVE;
        JsonObject configuration;

        Integration(String name, String type) {
            this.name = name;
            this.type = type;
            this.configuration = new JsonObject()
                    .put("id", id)
                    .put("name", name)
                    .put("version", 1)
                    .put("properties", new JsonObject())
                    .put("advanced", new JsonObject())
                    .put("notes", "")
                    .put("credentials", new JsonObject());
        }

        boolean isEnabled() {
            return intendedState.equals("ENABLED");
        }
    }

    /**
     * Sets what happens in AWS: the listener gets the properties of an integration and true when it becomes active, and
     * false when it is disabled or deleted.
     */
    public synchronized void onChange(BiConsumer<JsonObject, Boolean> newListener) {
        listener = newListener;
    }

    /** Takes a permission away from the OAuth client. */
    public synchronized void revoke(String permission) {
        permissions.remove(permission);
    }

    /** Gives the OAuth client a permission back. */
    public synchronized void grant(String permission) {
        permissions.add(permission);
    }

    /** Makes a topic one that Genesys cannot send to EventBridge. */
    public synchronized void withhold(String topic) {
        withheld.add(topic);
    }

    /** Adds an integration as an administrator would, and returns its id. */
    public synchronized String add(String name, String type, JsonObject properties) {
        Integration integration = new Integration(name, type);
        integration.configuration.put("properties", properties.copy());
        integrations.put(integration.id, integration);
        return integration.id;
    }

    /** Changes the configuration of an integration as an administrator would. */
    public synchronized void edit(String id, JsonObject properties) {
        JsonObject configuration = required(id).configuration;
        configuration.put("properties", properties.copy()).put("version", configuration.getInteger("version") + 1);
    }

    /** Enables or disables an integration as an administrator would. */
    public synchronized void setEnabled(String id, boolean enabled) {
        setState(required(id), enabled ? "ENABLED" : "DISABLED");
    }

    private Integration required(String id) {
        return Objects.requireNonNull(integrations.get(id), id);
    }

    /** Returns the integrations as the API describes them, each with its configuration. */
    public synchronized List<JsonObject> all() {
        return integrations.values().stream()
                .map(integration -> json(integration).put("config", integration.configuration.copy()))
                .toList();
    }

    boolean handles(String path) {
        return path.startsWith(ROOT) || path.equals(TOPICS);
    }

    synchronized Answer answer(HttpMethod method, String path, MultiMap parameters, String body) {
        if (path.equals(TOPICS)) {
            return method.equals(HttpMethod.GET) ? json(topics()) : notAllowed();
        }
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return notFound();
        }
        String permission = permission(method, matcher.group(1) == null);
        if (!permissions.contains(permission)) {
            return Errors.of(
                    403, "missing.permissions", "Unable to perform the requested action. Missing: " + permission);
        }
        if (matcher.group(1) == null) {
            return method.equals(HttpMethod.POST) ? create(new JsonObject(body)) : list(parameters);
        }
        Integration integration = integrations.get(matcher.group(1));
        if (integration == null) {
            return notFound();
        }
        if (matcher.group(2) != null) {
            return method.equals(HttpMethod.PUT)
                    ? configure(integration, new JsonObject(body))
                    : json(integration.configuration);
        }
        if (method.equals(HttpMethod.DELETE)) {
            setState(integration, "DISABLED");
            integrations.remove(integration.id);
            return new Answer(204, Map.of(), "");
        }
        return method.equals(HttpMethod.PATCH) ? patch(integration, new JsonObject(body)) : json(json(integration));
    }

    private static String permission(HttpMethod method, boolean isRoot) {
        if (method.equals(HttpMethod.GET)) {
            return PERMISSIONS.get(0);
        }
        if (method.equals(HttpMethod.DELETE)) {
            return PERMISSIONS.get(3);
        }
        return PERMISSIONS.get(isRoot ? 1 : 2);
    }

    private Answer create(JsonObject body) {
        String type = body.getJsonObject("integrationType", new JsonObject()).getString("id", "");
        if (!type.equals(TYPE)) {
            return Errors.of(400, "bad.request", "The integration type does not exist.");
        }
        Integration integration = new Integration(body.getString("name", "Amazon EventBridge Source"), type);
        integrations.put(integration.id, integration);
        return json(json(integration));
    }

    private Answer list(MultiMap parameters) {
        // Genesys gives at most 100 on a page; the fake gives fewer, so that every test turns pages.
        int pageSize = Math.min(number(parameters, "pageSize", 25), 2);
        int page = number(parameters, "pageNumber", 1);
        List<Integration> all = List.copyOf(integrations.values());
        int end = Math.min(page * pageSize, all.size());
        JsonArray entities = new JsonArray();
        all.subList(Math.min((page - 1) * pageSize, end), end).forEach(one -> entities.add(json(one)));
        JsonObject answer = new JsonObject()
                .put("entities", entities)
                .put("pageSize", pageSize)
                .put("pageNumber", page)
                .put("total", all.size());
        if (end < all.size()) {
            answer.put("nextUri", ROOT + "?pageSize=" + pageSize + "&pageNumber=" + (page + 1));
        }
        return json(answer);
    }

    private static int number(MultiMap parameters, String name, int defaultValue) {
        return parameters.contains(name) ? Integer.parseInt(parameters.get(name)) : defaultValue;
    }

    private Answer configure(Integration integration, JsonObject body) {
        int version = integration.configuration.getInteger("version");
        if (body.getInteger("version", 0) != version) {
            return Errors.of(409, "version.mismatch", "The current version is " + version + ".");
        }
        JsonObject properties = body.getJsonObject("properties", new JsonObject());
        if (!properties.getString("awsAccountId", "").matches("\\d{12}")
                || !properties.getString("eventSourceSuffix", "").matches(SUFFIX_FORM)
                || properties.getString("awsAccountRegion", "").isEmpty()) {
            return Errors.of(400, "bad.request", "The account, the region or the suffix is invalid.");
        }
        integration.name = body.getString("name", integration.name);
        integration
                .configuration
                .put("name", integration.name)
                .put("version", version + 1)
                .put("properties", properties)
                .put("notes", body.getString("notes", ""));
        return json(integration.configuration);
    }

    private Answer patch(Integration integration, JsonObject body) {
        String state = body.getString("intendedState", integration.intendedState);
        if (state.equals("ENABLED")
                && integration.configuration.getJsonObject("properties").isEmpty()) {
            return Errors.of(400, "bad.request", "The integration is not configured.");
        }
        setState(integration, state);
        return json(json(integration));
    }

    private void setState(Integration integration, String state) {
        if (integration.intendedState.equals(state)) {
            return;
        }
        if (integration.isEnabled()) {
            listener.accept(integration.configuration.getJsonObject("properties"), false);
        }
        integration.intendedState = state;
        integration.readsUntilActive = READS_UNTIL_ACTIVE;
    }

    private JsonObject json(Integration integration) {
        String code = "INACTIVE";
        if (integration.isEnabled()) {
            code = integration.readsUntilActive > 0 ? "ACTIVATING" : "ACTIVE";
            if (integration.readsUntilActive-- == 1) {
                listener.accept(integration.configuration.getJsonObject("properties"), true);
            }
        }
        return new JsonObject()
                .put("id", integration.id)
                .put("name", integration.name)
                .put("integrationType", new JsonObject().put("id", integration.type))
                .put("intendedState", integration.intendedState)
                .put("reportedState", new JsonObject().put("code", code).put("effective", code))
                .put("selfUri", ROOT + "/" + integration.id);
    }

    private JsonObject topics() {
        JsonArray entities = new JsonArray();
        Stream.of(
                        "customer.start",
                        "customer.end",
                        "user.start",
                        "user.end",
                        "acw",
                        "wrapup",
                        "acd.start",
                        "acd.end",
                        "flow.start",
                        "flow.end",
                        "flow.outcome")
                .map("v2.detail.events.conversation.{id}."::concat)
                .filter(topic -> !withheld.contains(topic))
                .forEach(topic -> entities.add(
                        topic(topic, new JsonArray().add("EventBridge").add("ProcessAutomation"))));
        entities.add(topic("v2.users.{id}.presence", new JsonArray().add("All")));
        entities.add(topic("v2.users.{id}.conversations", new JsonArray().add("Websocket")));
        return new JsonObject().put("entities", entities);
    }

    private static JsonObject topic(String id, JsonArray transports) {
        return new JsonObject().put("id", id).put("transports", transports);
    }

    private static Answer json(JsonObject body) {
        return new Answer(200, Map.of(), body.encode());
    }

    private static Answer notFound() {
        return Errors.of(404, "not.found", "The requested resource does not exist.");
    }

    private static Answer notAllowed() {
        return Errors.of(405, "method.not.allowed", "HTTP method not allowed");
    }
}
