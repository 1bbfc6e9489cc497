package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/** The role that EventBridge takes to send. It is made here, or the setting {@code role.arn} names one of the user. */
final class SendingRole implements Resource {

    static final String POLICY = "send";

    private final AwsAccount aws;
    private final Destination destination;
    private @Nullable String arn;

    SendingRole(AwsAccount aws, Destination destination) {
        this.aws = aws;
        this.destination = destination;
    }

    @Override
    public String kind() {
        return "role";
    }

    @Override
    public String name() {
        String given = aws.settings().roleArn();
        return given == null ? aws.settings().name() + "-send" : given.substring(given.lastIndexOf('/') + 1);
    }

    String arn() {
        String given = aws.settings().roleArn();
        if (given != null) {
            return given;
        }
        return arn == null ? "the new role" : arn;
    }

    @Override
    public Found find() {
        return aws.find("iam:GetRole", () -> aws.iam().getRole(r -> r.roleName(name())))
                .map(answer -> found(answer.role()))
                .orElse(Found.ABSENT);
    }

    private Found found(Role role) {
        arn = role.arn();
        if (worksIfForeign()) {
            return Found.of(false, Map.of()).withNote("your own");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("trust", CanonicalJson.of(decoded(role.assumeRolePolicyDocument())));
        fields.put(
                "permissions",
                aws.find(
                                "iam:GetRolePolicy",
                                () -> aws.iam()
                                        .getRolePolicy(r -> r.roleName(name()).policyName(POLICY)))
                        .map(policy -> CanonicalJson.of(decoded(policy.policyDocument())))
                        .orElse("none"));
        return Found.of(role.tags().stream().anyMatch(tag -> Tags.isOurs(aws, tag.key(), tag.value())), fields);
    }

    /** IAM encodes the policies that it returns. */
    static String decoded(String policy) {
        return URLDecoder.decode(policy, StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("trust", CanonicalJson.of(trust()));
        wanted.put("permissions", CanonicalJson.of(permissions()));
        return wanted;
    }

    private String trust() {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
                "Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"%s"}}}]}""".formatted(aws.settings().accountId());
    }

    private String permissions() {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"events:InvokeApiDestination",\
                "Resource":"%s"}]}""".formatted(destination.arnPattern());
    }

    @Override
    public Optional<String> impossible(Found found) {
        return worksIfForeign()
                ? Optional.of("it does not exist; create it, or remove role.arn from the file")
                : Optional.empty();
    }

    @Override
    public void create() {
        arn = aws.call(
                        "iam:CreateRole",
                        () -> aws.iam()
                                .createRole(r -> r.roleName(name())
                                        .description(Tags.description(aws))
                                        .assumeRolePolicyDocument(trust())
                                        .tags(Tag.builder()
                                                .key(AwsAccount.TAG)
                                                .value(aws.settings().name())
                                                .build())))
                .role()
                .arn();
        putPermissions();
    }

    @Override
    public void change(Found found) {
        if (!found.fields().getOrDefault("trust", "").equals(CanonicalJson.of(trust()))) {
            aws.call(
                    "iam:UpdateAssumeRolePolicy",
                    () -> aws.iam()
                            .updateAssumeRolePolicy(r -> r.roleName(name()).policyDocument(trust())));
        }
        putPermissions();
    }

    private void putPermissions() {
        aws.call(
                "iam:PutRolePolicy",
                () -> aws.iam()
                        .putRolePolicy(
                                r -> r.roleName(name()).policyName(POLICY).policyDocument(permissions())));
    }

    @Override
    public void delete() {
        aws.delete(
                "iam:DeleteRolePolicy",
                () -> aws.iam().deleteRolePolicy(r -> r.roleName(name()).policyName(POLICY)));
        aws.delete("iam:DeleteRole", () -> aws.iam().deleteRole(r -> r.roleName(name())));
    }

    /** Whether the role is the user's own. */
    @Override
    public boolean worksIfForeign() {
        return aws.settings().roleArn() != null;
    }
}
