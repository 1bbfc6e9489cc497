package io.handover.setup.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A plan as JSON for programs. */
public final class PlanJson {

    private PlanJson() {}

    public static String of(Plan plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("somethingToDo", plan.hasWork());
        ArrayNode steps = json.putArray("steps");
        for (Step step : plan.steps()) {
            ObjectNode one = steps.addObject()
                    .put("kind", step.resource().kind())
                    .put("name", step.resource().name())
                    .put("state", step.state().label());
            if (!step.note().isEmpty()) {
                one.put("note", step.note());
            }
            ArrayNode changes = one.putArray("changes");
            step.changes()
                    .forEach(change -> changes.addObject()
                            .put("field", change.field())
                            .put("from", change.from())
                            .put("to", change.to()));
        }
        return json.toPrettyString();
    }
}
