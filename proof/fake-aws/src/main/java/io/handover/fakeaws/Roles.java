package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Policy.Decision;
import io.handover.fakeaws.Policy.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The roles of IAM with their inline policies, and the simulation of policies. */
final class Roles extends Service {

    /** The service that assumes the roles. */
    static final String EVENTS = "events.amazonaws.com";

    private static final int MAX_ROLES = 1_000;

    private final Map<String, Role> roles = new TreeMap<>();

    /** Whether the account has the role with which EventBridge keeps the secrets of connections. */
    private boolean hasServiceLinkedRole;

    private static final class Role {
        private final Instant created = Instant.now();
        private final String name;
        private final String arn;
        private final String id;
        private final @Nullable String description;
        private final Tags tags = new Tags();
        private final Map<String, String> documents = new TreeMap<>();
        private final Map<String, Policy> policies = new HashMap<>();
        private String trustDocument;
        private Policy trust;
        /** How often the role still cannot be assumed. */
        private int stale;

        private Role(String name, String arn, String id, @Nullable String description, String trustDocument) {
            this.name = name;
            this.arn = arn;
            this.id = id;
            this.description = description;
            this.trustDocument = trustDocument;
            this.trust = parsed(trustDocument, Kind.TRUST);
        }
    }

    Roles(Account account) {
        super(account, "iam");
        on("CreateRole", this::resource, this::create);
        on("GetRole", this::resource, input -> new JsonObject().put("Role", json(role(input))));
        on("UpdateAssumeRolePolicy", this::resource, this::updateTrust);
        on("DeleteRole", this::resource, this::delete);
        on("PutRolePolicy", this::resource, this::putPolicy);
        on("GetRolePolicy", this::resource, this::getPolicy);
        on("DeleteRolePolicy", this::resource, this::deletePolicy);
        on("TagRole", this::resource, this::tag);
        on("ListRoleTags", this::resource, this::listTags);
        on("SimulatePrincipalPolicy", input -> List.of(required(input, "PolicySourceArn")), this::simulate);
    }

    /** Whether EventBridge can assume the role for a rule. A new role is not seen for a while. */
    boolean isSeenToTrust(String roleArn, String ruleArn) {
        Role role = byArn(roleArn);
        return role != null && role.stale-- <= 0 && trusts(role, ruleArn);
    }

    /** Returns why a rule may not invoke an API destination with the role, as an error of AWS; null if it may. */
    @Nullable
    String reasonAgainst(String roleArn, String ruleArn, String destinationArn) {
        Role role = byArn(roleArn);
        if (role == null || !trusts(role, ruleArn)) {
            return "FAILED_TO_ASSUME_ROLE";
        }
        Policy.Request request = new Policy.Request("", "events:InvokeApiDestination", destinationArn, Map.of());
        return Policy.decide(List.copyOf(role.policies.values()), request) == Decision.ALLOWED
                ? null
                : "NO_PERMISSIONS";
    }

    /** Creates the service-linked role when the first connection of the account is created. */
    void ensureServiceLinkedRole() {
        if (!hasServiceLinkedRole) {
            account()
                    .require(
                            "iam:CreateServiceLinkedRole",
                            account()
                                    .arn(
                                            "iam",
                                            "",
                                            "role/aws-service-role/apidestinations.events.amazonaws.com/"
                                                    + "AWSServiceRoleForAmazonEventBridgeApiDestinations"),
                            Map.of("iam:AWSServiceName", "apidestinations.events.amazonaws.com"));
            hasServiceLinkedRole = true;
        }
    }

    List<String> arns() {
        return roles.values().stream().map(role -> role.arn).toList();
    }

    private boolean trusts(Role role, String ruleArn) {
        Map<String, String> context = Map.of("aws:SourceAccount", account().id(), "aws:SourceArn", ruleArn);
        Policy.Request request = new Policy.Request(EVENTS, "sts:AssumeRole", role.arn, context);
        return Policy.decide(List.of(role.trust), request) == Decision.ALLOWED;
    }

    private @Nullable Role byArn(String arn) {
        return roles.values().stream()
                .filter(role -> role.arn.equals(arn))
                .findFirst()
                .orElse(null);
    }

    private List<String> resource(JsonObject input) {
        Role role = roles.get(required(input, "RoleName"));
        return List.of(role == null ? arn(input) : role.arn);
    }

    private String arn(JsonObject input) {
        return account().arn("iam", "", "role" + input.getString("Path", "/") + required(input, "RoleName"));
    }

    private Role role(JsonObject input) {
        Role role = roles.get(required(input, "RoleName"));
        if (role == null) {
            throw noSuchEntity("The role with name " + input.getString("RoleName") + " cannot be found.");
        }
        return role;
    }

    private JsonObject create(JsonObject input) {
        String name = required(input, "RoleName");
        if (input.containsKey("Tags")) {
            account().require("iam:TagRole", arn(input));
        }
        if (roles.containsKey(name)) {
            throw new AwsError(409, "EntityAlreadyExists", "Role with name " + name + " already exists.");
        }
        if (roles.size() >= MAX_ROLES) {
            throw new AwsError(409, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: " + MAX_ROLES);
        }
        Role role = new Role(
                name,
                arn(input),
                "AROA" + account().uuid().substring(0, 8).toUpperCase(Locale.ROOT),
                input.getString("Description"),
                required(input, "AssumeRolePolicyDocument"));
        role.stale = account().behaviour().count(Trait.LAG);
        role.tags.add(input.getJsonArray("Tags"));
        roles.put(name, role);
        return new JsonObject().put("Role", json(role));
    }

    private static JsonObject json(Role role) {
        JsonObject json = new JsonObject()
                .put("Path", role.arn.substring(role.arn.indexOf(":role/") + 5, role.arn.lastIndexOf('/') + 1))
                .put("RoleName", role.name)
                .put("RoleId", role.id)
                .put("Arn", role.arn)
                .put("CreateDate", role.created)
                .put("AssumeRolePolicyDocument", encoded(role.trustDocument))
                .put("MaxSessionDuration", 3_600)
                .put("Tags", role.tags.list());
        return role.description == null ? json : json.put("Description", role.description);
    }

    private JsonObject updateTrust(JsonObject input) {
        Role role = role(input);
        String document = required(input, "PolicyDocument");
        role.trust = parsed(document, Kind.TRUST);
        role.trustDocument = document;
        return new JsonObject();
    }

    private JsonObject delete(JsonObject input) {
        Role role = role(input);
        if (!role.documents.isEmpty()) {
            throw new AwsError(409, "DeleteConflict", "Cannot delete entity, must delete policies first.");
        }
        roles.remove(role.name);
        return new JsonObject();
    }

    private JsonObject putPolicy(JsonObject input) {
        Role role = role(input);
        String document = required(input, "PolicyDocument");
        role.policies.put(required(input, "PolicyName"), parsed(document, Kind.IDENTITY));
        role.documents.put(required(input, "PolicyName"), document);
        return new JsonObject();
    }

    private JsonObject getPolicy(JsonObject input) {
        Role role = role(input);
        return new JsonObject()
                .put("RoleName", role.name)
                .put("PolicyName", required(input, "PolicyName"))
                .put("PolicyDocument", encoded(document(role, input)));
    }

    private JsonObject deletePolicy(JsonObject input) {
        Role role = role(input);
        document(role, input);
        role.documents.remove(required(input, "PolicyName"));
        role.policies.remove(required(input, "PolicyName"));
        return new JsonObject();
    }

    private static String document(Role role, JsonObject input) {
        String document = role.documents.get(required(input, "PolicyName"));
        if (document == null) {
            throw noSuchEntity("The role policy with name " + input.getString("PolicyName") + " cannot be found.");
        }
        return document;
    }

    private JsonObject tag(JsonObject input) {
        role(input).tags.add(input.getJsonArray("Tags"));
        return new JsonObject();
    }

    private JsonObject listTags(JsonObject input) {
        JsonArray tags = role(input).tags.list();
        List<JsonObject> all = tags.stream().map(JsonObject.class::cast).toList();
        Page page = Page.of(
                all,
                number(input, "MaxItems", 100),
                input.getString("Marker"),
                account().behaviour());
        JsonObject output = new JsonObject().put("Tags", page.entries()).put("IsTruncated", page.nextToken() != null);
        return page.nextToken() == null ? output : output.put("Marker", page.nextToken());
    }

    /** Simulates the policies of a role, or of the caller. */
    private JsonObject simulate(JsonObject input) {
        String source = required(input, "PolicySourceArn");
        Role role = byArn(source);
        if (role == null && !source.equals(account().arn("iam", "", Account.CALLER))) {
            throw noSuchEntity("The entity " + source + " cannot be found.");
        }
        Map<String, String> context = new HashMap<>();
        JsonArray entries = input.getJsonArray("ContextEntries", new JsonArray());
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.getJsonObject(i);
            context.put(
                    entry.getString("ContextKeyName"),
                    entry.getJsonArray("ContextKeyValues").getString(0));
        }
        JsonArray results = new JsonArray();
        for (Object action : input.getJsonArray("ActionNames")) {
            for (Object resource : input.getJsonArray("ResourceArns", new JsonArray().add("*"))) {
                Policy.Request request = new Policy.Request("", (String) action, (String) resource, context);
                Decision decision = role == null
                        ? account().decideForCaller((String) action, (String) resource, context)
                        : Policy.decide(List.copyOf(role.policies.values()), request);
                results.add(new JsonObject()
                        .put("EvalActionName", action)
                        .put("EvalResourceName", resource)
                        .put("EvalDecision", decision.label()));
            }
        }
        return new JsonObject().put("EvaluationResults", results).put("IsTruncated", false);
    }

    private static Policy parsed(String document, Kind kind) {
        try {
            return new Policy(document, kind);
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "MalformedPolicyDocument", String.valueOf(e.getMessage()));
        }
    }

    private static AwsError noSuchEntity(String message) {
        return new AwsError(404, "NoSuchEntity", message);
    }

    /** Encodes a document as IAM does in its answers. */
    private static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
