package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param nextToken what asks for the next page, or null if there is none
 */
record Page(JsonArray entries, @Nullable String nextToken) {

    private static final String TOKEN = "page-";

    static Page of(List<JsonObject> all, int limit, @Nullable String token, Behaviour behaviour) {
        int start = 0;
        if (token != null) {
            try {
                start = Integer.parseInt(token.substring(TOKEN.length()));
            } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                throw AwsError.validation("The token " + token + " is not valid");
            }
        }
        int end = Math.min(all.size(), Math.min(start, all.size()) + Math.min(limit, behaviour.count(Trait.PAGE_SIZE)));
        JsonArray entries = new JsonArray();
        all.subList(Math.min(start, all.size()), end).forEach(entries::add);
        return new Page(entries, end < all.size() ? TOKEN + end : null);
    }

    /** Returns an output of EventBridge with the page. */
    static JsonObject output(String name, List<JsonObject> all, JsonObject input, Behaviour behaviour) {
        Page page = of(all, Service.number(input, "Limit", 100), input.getString("NextToken"), behaviour);
        JsonObject output = new JsonObject().put(name, page.entries());
        if (page.nextToken() != null) {
            output.put("NextToken", page.nextToken());
        }
        return output;
    }
}
