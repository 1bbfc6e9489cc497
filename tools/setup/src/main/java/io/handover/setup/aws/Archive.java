package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;

/** The archive of the bus, from which EventBridge can deliver again. It has the pattern of the rule. */
final class Archive implements Resource {

    private final AwsAccount aws;
    private final EventBus bus;
    private final EventPattern pattern;

    Archive(AwsAccount aws, EventBus bus, EventPattern pattern) {
        this.aws = aws;
        this.bus = bus;
        this.pattern = pattern;
    }

    @Override
    public String kind() {
        return "archive";
    }

    @Override
    public String name() {
        return aws.settings().name();
    }

    Optional<DescribeArchiveResponse> describe() {
        return aws.find("events:DescribeArchive", () -> aws.events().describeArchive(r -> r.archiveName(name())));
    }

    @Override
    public Found find() {
        return describe().map(this::found).orElse(Found.ABSENT);
    }

    private Found found(DescribeArchiveResponse archive) {
        String state = archive.stateAsString();
        boolean onTheWay = archive.state() == ArchiveState.CREATING || archive.state() == ArchiveState.UPDATING;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("bus", archive.eventSourceArn());
        fields.put("pattern", archive.eventPattern() == null ? "all" : CanonicalJson.of(archive.eventPattern()));
        fields.put("retention", archive.retentionDays() + " days");
        fields.put("state", onTheWay ? ArchiveState.ENABLED.toString() : state);
        String description = archive.description() == null ? "" : archive.description();
        Found found = Found.of(Tags.isOurs(aws, description), fields)
                .withNote(archive.stateReason() == null ? "" : archive.stateReason());
        return onTheWay ? found.pendingIn(state) : found;
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("bus", bus.arn());
        wanted.put("pattern", CanonicalJson.of(pattern.json()));
        wanted.put("retention", aws.settings().archiveDays() + " days");
        wanted.put("state", ArchiveState.ENABLED.toString());
        return wanted;
    }

    @Override
    public Optional<String> impossible(Found found) {
        return found.exists() && !bus.arn().equals(found.fields().get("bus"))
                ? Optional.of(
                        "AWS cannot move an archive to another bus; choose another name in the file, or delete it with"
                                + " its events: ./handover setup destroy --with-archive")
                : Optional.empty();
    }

    @Override
    public void create() {
        aws.call(
                "events:CreateArchive",
                () -> aws.events()
                        .createArchive(r -> r.archiveName(name())
                                .eventSourceArn(bus.arn())
                                .description(Tags.description(aws))
                                .eventPattern(pattern.json())
                                .retentionDays(aws.settings().archiveDays())));
    }

    @Override
    public void change(Found found) {
        aws.call(
                "events:UpdateArchive",
                () -> aws.events()
                        .updateArchive(r -> r.archiveName(name())
                                .description(Tags.description(aws))
                                .eventPattern(pattern.json())
                                .retentionDays(aws.settings().archiveDays())));
    }

    @Override
    public void delete() {
        aws.delete("events:DeleteArchive", () -> aws.events().deleteArchive(r -> r.archiveName(name())));
    }

    @Override
    public Optional<String> deletedOnlyWith() {
        return Optional.of("--with-archive");
    }
}
