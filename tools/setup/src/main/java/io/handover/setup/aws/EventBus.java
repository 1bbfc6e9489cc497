package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventSourceResponse;

/** The event bus of the event source. There can be one per source; it has the name of the source. */
final class EventBus implements Resource {

    private final AwsAccount aws;
    private final EventSource source;
    private final Waiting waiting;

    EventBus(AwsAccount aws, EventSource source, Waiting waiting) {
        this.aws = aws;
        this.source = source;
        this.waiting = waiting;
    }

    @Override
    public String kind() {
        return "event bus";
    }

    @Override
    public String name() {
        return source.name();
    }

    String arn() {
        return aws.arn("events", "event-bus/" + name());
    }

    @Override
    public Found find() {
        return aws.find("events:DescribeEventBus", () -> aws.events().describeEventBus(r -> r.name(name())))
                .map(bus -> {
                    Found found = Found.of(Tags.areOurs(aws, bus.arn()), Map.of());
                    String state = source.describe()
                            .map(DescribeEventSourceResponse::stateAsString)
                            .orElse("DELETED");
                    return state.equals("PENDING")
                            ? found.pendingIn("without events: its source is PENDING")
                            : found.withNote(state.equals("ACTIVE") ? "" : "its event source is " + state);
                })
                .orElse(Found.ABSENT);
    }

    @Override
    public Map<String, String> wanted() {
        return Map.of();
    }

    @Override
    public void create() {
        aws.call(
                "events:CreateEventBus",
                () -> aws.events()
                        .createEventBus(
                                r -> r.name(name()).eventSourceName(name()).tags(Tags.ofEvents(aws))));
    }

    @Override
    public void change(Found found) {
        throw new IllegalStateException("Expected a bus without fields, but it has some");
    }

    /** AWS counts the rules of a bus with delay. */
    @Override
    public void delete() {
        Deletion.repeated(
                waiting,
                label(),
                () -> aws.delete("events:DeleteEventBus", () -> aws.events().deleteEventBus(r -> r.name(name()))));
    }

    /** A source has one bus at most, so the bus of somebody else is used. */
    @Override
    public boolean worksIfForeign() {
        return true;
    }

    /** Without its bus an archive gets no events, and they cannot be replayed. */
    @Override
    public boolean holdsArchive() {
        return true;
    }
}
