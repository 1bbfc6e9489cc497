package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Policy.Decision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The account of the fake: its name in ARNs, the permissions of the caller, and the random faults. The account is also
 * the lock of the whole state: whoever reads or changes state holds its monitor.
 */
final class Account {

    static final String CALLER = "user/operator";

    private final String partition;
    private final String id;
    private Behaviour behaviour;
    private Random random;
    /** The random faults have their own numbers, because deliveries and calls come in no fixed order. */
    private Random faults;

    /** The permissions of the caller; null if it may do everything. */
    private @Nullable Policy callerPolicy;

    Account(String partition, String id, Behaviour behaviour) {
        this.partition = partition;
        this.id = id;
        this.behaviour = behaviour;
        this.random = new Random(behaviour.count(Trait.SEED));
        this.faults = new Random(behaviour.count(Trait.SEED));
    }

    String id() {
        return id;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    void become(Behaviour newBehaviour) {
        behaviour = newBehaviour;
        random = new Random(newBehaviour.count(Trait.SEED));
        faults = new Random(newBehaviour.count(Trait.SEED));
    }

    Random random() {
        return random;
    }

    /** Whether a random fault happens now. */
    boolean happens(Trait fault) {
        double probability = behaviour.value(fault);
        return probability > 0 && faults.nextDouble() < probability;
    }

    String uuid() {
        return new UUID(
                        (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L,
                        (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L)
                .toString();
    }

    String arn(String service, String region, String resource) {
        return String.join(":", "arn", partition, service, region, id, resource);
    }

    /** Returns the ARN of a resource that belongs to no account, for example of a partner event source. */
    String foreignArn(String service, String region, String resource) {
        return String.join(":", "arn", partition, service, region, "", resource);
    }

    void setCallerPolicy(@Nullable Policy policy) {
        callerPolicy = policy;
    }

    Decision decideForCaller(String action, String resource, Map<String, String> context) {
        Map<String, String> known = new HashMap<>(context);
        known.put("aws:PrincipalAccount", id);
        return callerPolicy == null
                ? Decision.ALLOWED
                : Policy.decide(List.of(callerPolicy), new Policy.Request("", action, resource, known));
    }

    /** Refuses the call unless the caller has a permission. */
    void require(String action, String resource, Map<String, String> context) {
        Decision decision = decideForCaller(action, resource, context);
        if (decision != Decision.ALLOWED) {
            throw new AwsError(
                    403,
                    "AccessDeniedException",
                    "User: " + arn("iam", "", CALLER) + " is not authorized to perform: " + action + " on resource: "
                            + resource
                            + (decision == Decision.DENIED
                                    ? " with an explicit deny in an identity-based policy"
                                    : " because no identity-based policy allows the " + action + " action"));
        }
    }

    void require(String action, String resource) {
        require(action, resource, Map.of());
    }

    /** Refuses the call unless the caller may pass a role to EventBridge. */
    void requirePassRole(String roleArn) {
        require("iam:PassRole", roleArn, Map.of("iam:PassedToService", "events.amazonaws.com"));
    }
}
