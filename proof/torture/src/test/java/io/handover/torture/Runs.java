package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Command.Shown;
import io.handover.torture.Script.Conversation;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates small conversations, and commands as the product would write them. */
final class Runs {

    static final long START = 1_700_000_000_000L;

    private static final String CONVERSATION = "conversation-1";

    private Runs() {}

    /** Anna serves for ten seconds, leaves, and finishes her acw. Each event arrives when it happens; the end is decided at 13 s. */
    static Conversation annaServes() {
        List<GenesysEvent> events = List.of(
                event(Kind.CUSTOMER_START, 0, "customer", null, 0),
                event(Kind.USER_START, 0, "session-anna", "anna", 0),
                event(Kind.USER_END, 10_000, "session-anna", "anna", 10_000),
                event(Kind.ACW, 11_000, "session-anna", "anna", 0));
        History history =
                new History(CONVERSATION, events, List.of(new History.Service("anna", START, START + 10_000)), 1, true);
        return new Conversation(
                history,
                events.stream()
                        .map(event -> new Arrival(event.time(), event, "id-" + events.indexOf(event)))
                        .toList());
    }

    private static GenesysEvent event(
            Kind kind, long time, String session, @Nullable String agent, long interactingMs) {
        return new GenesysEvent(
                CONVERSATION,
                1,
                kind,
                START + time,
                session,
                agent,
                null,
                kind == Kind.USER_END ? "CLIENT" : null,
                interactingMs,
                0,
                null);
    }

    /** Returns the expected commands as if they had been seen. */
    static List<Command> seen(List<Command> expected) {
        List<Command> seen = new ArrayList<>();
        for (Command command : expected) {
            seen.add(with(command, "command-" + seen.size(), command.cycle(), command.what(), command.decidedAt()));
        }
        return seen;
    }

    static Command with(Command command, String id, int cycle, String what, long decidedAt) {
        return new Command(
                id, cycle, command.type(), what, command.shown(), command.occurredAt(), decidedAt, command.evidence());
    }

    static Command with(Command command, Shown shown) {
        return new Command(
                command.id(),
                command.cycle(),
                command.type(),
                command.what(),
                shown,
                command.occurredAt(),
                command.decidedAt(),
                command.evidence());
    }
}
