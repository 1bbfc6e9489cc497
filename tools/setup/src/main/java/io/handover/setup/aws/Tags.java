package io.handover.setup.aws;

import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.Tag;

/** The tag that says which set-up has made a thing, and the same as a text where nothing can be tagged. */
final class Tags {

    private Tags() {}

    static List<Tag> ofEvents(AwsAccount aws) {
        return List.of(
                Tag.builder().key(AwsAccount.TAG).value(aws.settings().name()).build());
    }

    /** Whether this set-up has made a bus or a rule. */
    static boolean areOurs(AwsAccount aws, String arn) {
        return aws
                .call("events:ListTagsForResource", () -> aws.events().listTagsForResource(r -> r.resourceARN(arn)))
                .tags()
                .stream()
                .anyMatch(tag -> isOurs(aws, tag.key(), tag.value()));
    }

    static boolean isOurs(AwsAccount aws, String key, String value) {
        return key.equals(AwsAccount.TAG) && value.equals(aws.settings().name());
    }

    /** The description of a thing that cannot be tagged. */
    static String description(AwsAccount aws) {
        return "Made by handover setup " + aws.settings().name() + ".";
    }

    static boolean isOurs(AwsAccount aws, String description) {
        return description.startsWith(description(aws));
    }
}
