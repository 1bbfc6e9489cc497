package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import io.handover.terminal.CommandException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queue that receives what EventBridge could not deliver. */
public final class DeadLetterQueue implements Resource {

    private static final int RETENTION_SECONDS = 14 * 24 * 3600;
    private static final String ENCRYPTION = "SSE-SQS";
    private static final String DELETED_RECENTLY = "QueueDeletedRecently";

    private final AwsAccount aws;
    private final String ruleArn;

    DeadLetterQueue(AwsAccount aws, String ruleArn) {
        this.aws = aws;
        this.ruleArn = ruleArn;
    }

    @Override
    public String kind() {
        return "dead letter queue";
    }

    @Override
    public String name() {
        return aws.settings().name() + "-dead-letters";
    }

    String arn() {
        return aws.arn("sqs", name());
    }

    /** Returns the URL of the queue; empty if there is none. */
    public Optional<String> url() {
        return aws.find("sqs:GetQueueUrl", () -> aws.sqs().getQueueUrl(r -> r.queueName(name())))
                .map(answer -> answer.queueUrl());
    }

    Map<QueueAttributeName, String> attributes(String url) {
        return aws.find(
                        "sqs:GetQueueAttributes",
                        () -> aws.sqs().getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL)))
                .map(answer -> answer.attributes())
                .orElse(Map.of());
    }

    @Override
    public Found find() {
        return url().map(url -> {
                    Map<QueueAttributeName, String> attributes = attributes(url);
                    Map<String, String> fields = new LinkedHashMap<>();
                    fields.put(
                            "retention",
                            attributes.getOrDefault(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "?") + " s");
                    fields.put("encryption", encryption(attributes));
                    fields.put("policy", CanonicalJson.of(attributes.getOrDefault(QueueAttributeName.POLICY, "none")));
                    boolean ours = aws
                            .find("sqs:ListQueueTags", () -> aws.sqs().listQueueTags(r -> r.queueUrl(url)))
                            .map(answer -> answer.tags())
                            .orElse(Map.of())
                            .entrySet()
                            .stream()
                            .anyMatch(tag -> Tags.isOurs(aws, tag.getKey(), tag.getValue()));
                    return Found.of(ours, fields);
                })
                .orElse(Found.ABSENT);
    }

    /** A KMS key of the user is as good, and stays. */
    private static String encryption(Map<QueueAttributeName, String> attributes) {
        return hasOwnKey(attributes) || "true".equals(attributes.get(QueueAttributeName.SQS_MANAGED_SSE_ENABLED))
                ? ENCRYPTION
                : "none";
    }

    private static boolean hasOwnKey(Map<QueueAttributeName, String> attributes) {
        return !attributes
                .getOrDefault(QueueAttributeName.KMS_MASTER_KEY_ID, "")
                .isEmpty();
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("retention", RETENTION_SECONDS + " s");
        wanted.put("encryption", ENCRYPTION);
        wanted.put("policy", CanonicalJson.of(policy()));
        return wanted;
    }

    /** {@code PutTargets} adds no policy, and without one the failures vanish. */
    private String policy() {
        return """
                {"Version":"2012-10-17","Statement":[{"Sid":"EventBridgeDeadLetters","Effect":"Allow",\
                "Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",\
                "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}""".formatted(arn(), ruleArn);
    }

    private Map<QueueAttributeName, String> wantedAttributes() {
        return Map.of(
                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                String.valueOf(RETENTION_SECONDS),
                QueueAttributeName.SQS_MANAGED_SSE_ENABLED,
                "true",
                QueueAttributeName.POLICY,
                policy());
    }

    @Override
    public void create() {
        try {
            aws.call(
                    "sqs:CreateQueue",
                    () -> aws.sqs()
                            .createQueue(r -> r.queueName(name())
                                    .attributes(wantedAttributes())
                                    .tags(Map.of(AwsAccount.TAG, aws.settings().name()))));
        } catch (CommandException e) {
            if (String.valueOf(e.getMessage()).contains(DELETED_RECENTLY)) {
                throw new CommandException(
                        "AWS makes no queue of a name that was deleted in the last minute. Run the same command again"
                                + " in a minute.",
                        e);
            }
            throw e;
        }
    }

    @Override
    public void change(Found found) {
        String url = url().orElseThrow(() -> new CommandException("The " + label() + " is gone meanwhile."));
        Map<QueueAttributeName, String> wanted = new HashMap<>(wantedAttributes());
        if (hasOwnKey(attributes(url))) {
            wanted.remove(QueueAttributeName.SQS_MANAGED_SSE_ENABLED);
        }
        aws.call(
                "sqs:SetQueueAttributes",
                () -> aws.sqs().setQueueAttributes(r -> r.queueUrl(url).attributes(wanted)));
    }

    @Override
    public void delete() {
        url().ifPresent(url -> aws.delete("sqs:DeleteQueue", () -> aws.sqs().deleteQueue(r -> r.queueUrl(url))));
    }

    @Override
    public Optional<String> deletedOnlyWith() {
        return Optional.of("--with-queue");
    }
}
