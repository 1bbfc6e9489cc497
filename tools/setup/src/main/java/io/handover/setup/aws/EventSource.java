package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventSourceResponse;
import software.amazon.awssdk.services.eventbridge.model.EventSourceState;

/** The partner event source. Genesys makes it when its integration is enabled; AWS only shows it. */
final class EventSource implements Resource {

    private final AwsAccount aws;
    private final Waiting waiting;
    private boolean isDeleted;

    EventSource(AwsAccount aws, Waiting waiting) {
        this.aws = aws;
        this.waiting = waiting;
    }

    @Override
    public String kind() {
        return "event source";
    }

    @Override
    public String name() {
        return aws.settings().eventSourceName();
    }

    /** Asks for the exact name: a prefix finds the wrong one where there are two. */
    Optional<DescribeEventSourceResponse> describe() {
        return aws.find("events:DescribeEventSource", () -> aws.events().describeEventSource(r -> r.name(name())));
    }

    @Override
    public Found find() {
        Optional<DescribeEventSourceResponse> described = describe();
        isDeleted = described
                .map(source -> source.state() == EventSourceState.DELETED)
                .orElse(false);
        return described
                .map(this::found)
                .orElse(Found.ABSENT.withNote("Genesys makes it when the integration is enabled"));
    }

    private Found found(DescribeEventSourceResponse source) {
        Found found = Found.of(false, Map.of());
        if (isDeleted) {
            return found.withNote(
                    "Genesys has deleted it, and its bus gets no events any more; delete both with the archive:"
                            + " ./handover setup destroy --with-archive, then apply");
        }
        return found.withNote("made by Genesys, " + source.stateAsString()
                + (source.expirationTime() == null
                        ? ""
                        : "; AWS deletes it on " + source.expirationTime() + " if no bus is made"));
    }

    @Override
    public Map<String, String> wanted() {
        return Map.of();
    }

    /** Waits until Genesys has made it. */
    @Override
    public void create() {
        try {
            waiting.until(label(), () -> describe().isPresent() ? Optional.empty() : Optional.of("not there yet"));
        } catch (CommandException e) {
            throw new CommandException(
                    "Genesys has not made the event source " + name()
                            + ". Enable the integration in Genesys with account "
                            + aws.settings().accountId() + ", region "
                            + aws.settings().region() + " and suffix "
                            + aws.settings().suffix()
                            + ", check genesys.organization.id, and run the same command again.",
                    e);
        }
    }

    @Override
    public void change(Found found) {
        throw new IllegalStateException("Expected an event source without fields, but it has some");
    }

    @Override
    public void delete() {
        // Genesys deletes it with its integration.
    }

    @Override
    public boolean worksIfForeign() {
        return !isDeleted;
    }
}
