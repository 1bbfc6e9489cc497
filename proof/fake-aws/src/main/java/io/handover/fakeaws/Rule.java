package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A rule of EventBridge with its targets. */
final class Rule {

    /** The rules that AWS makes for archives. */
    static final String ARCHIVES = "prod.vhs.events.aws.internal";

    private final String name;
    private final String arn;
    private final String bus;
    private final @Nullable String managedBy;
    private final Tags tags = new Tags();
    private final Map<String, JsonObject> targets = new TreeMap<>();
    private JsonObject definition;
    private @Nullable EventPattern pattern;
    /** How often the rule is still reported to have targets. */
    private int stale;

    Rule(String name, String arn, String bus, @Nullable String managedBy, JsonObject definition) {
        this.name = name;
        this.arn = arn;
        this.bus = bus;
        this.managedBy = managedBy;
        this.definition = definition;
        define(definition);
    }

    static String arn(Region region, String bus, String rule) {
        return region.arn("events", "rule/" + (bus.equals(Buses.DEFAULT) ? "" : bus + "/") + rule);
    }

    /** Replaces the whole definition: what it does not name is gone. */
    void define(JsonObject newDefinition) {
        String text = newDefinition.getString("EventPattern");
        pattern = text == null ? null : new EventPattern(text);
        definition = newDefinition;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    String bus() {
        return bus;
    }

    Tags tags() {
        return tags;
    }

    Map<String, JsonObject> targets() {
        return targets;
    }

    boolean isManaged() {
        return managedBy != null;
    }

    boolean isEnabled() {
        return definition.getString("State", "ENABLED").equals("ENABLED");
    }

    @Nullable
    String schedule() {
        return definition.getString("ScheduleExpression");
    }

    boolean matches(JsonObject event) {
        return isEnabled() && pattern != null && pattern.matches(event);
    }

    /** Whether the rule is reported to have targets. Asking brings the report closer to the truth. */
    boolean seemsToHaveTargets() {
        return !targets.isEmpty() || stale-- > 0;
    }

    void becomeStale(int times) {
        stale = times;
    }

    /** The rule as AWS describes it. */
    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("Name", name)
                .put("Arn", arn)
                .put("State", isEnabled() ? "ENABLED" : "DISABLED")
                .put("EventBusName", bus);
        for (String field : new String[] {"EventPattern", "ScheduleExpression", "Description", "RoleArn"}) {
            String value = definition.getString(field);
            if (value != null) {
                json.put(field, value);
            }
        }
        return managedBy == null ? json : json.put("ManagedBy", managedBy);
    }
}
