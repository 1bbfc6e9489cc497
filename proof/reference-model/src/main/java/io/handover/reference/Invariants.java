package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of the commands of one conversation, whatever was delivered and however.
 *
 * <p>Each breach is told in a sentence that begins with the name of the invariant. None of them trusts
 * {@link ReferenceModel}; what that says is compared by {@link Comparison}.
 */
public final class Invariants {

    private static final String CUSTOMER_END = "customer-end";

    private final Rules rules;
    private final List<Arrival> arrivals;
    private final List<Command> seen;
    private final List<String> breaches = new ArrayList<>();

    private Invariants(Rules rules, List<Arrival> arrivals, List<Command> seen) {
        this.rules = rules;
        this.arrivals = arrivals;
        this.seen = seen;
    }

    /**
     * Which invariants do not hold; empty if all do.
     *
     * @param arrivals all of one conversation, in the order of the log
     * @param seen its commands, in the order of the log
     */
    public static List<String> breaches(Rules rules, List<Arrival> arrivals, List<Command> seen) {
        Invariants invariants = new Invariants(rules, arrivals, seen);
        invariants.noCommandTwice();
        invariants.atMostOneEndPerCycle();
        for (Command command : seen) {
            if (command.isEnd() && !command.what().equals(CUSTOMER_END)) {
                invariants.noEndWhileAnAgentServes(command);
                invariants.noEndFromATransferredLegsWrapUp(command);
            }
        }
        if (rules.agentsEnd()) {
            invariants.noEndSwallowed();
        }
        return invariants.breaches;
    }

    /**
     * Which invariants do not hold where every event was delivered, none later than the grace: then each handover ends
     * once, under its own number, and not before the last agent was gone.
     *
     * @param history one whose handovers are apart
     * @param seen its commands, in the order of the log
     */
    public static List<String> breachesOfTruth(History history, List<Command> seen) {
        List<String> breaches = new ArrayList<>();
        List<Command> ends = seen.stream().filter(Command::isEnd).toList();
        if (ends.size() != history.handovers()) {
            breaches.add("exactly one end per handover: there were " + history.handovers() + " handovers, but "
                    + ends.size() + " ends");
        }
        for (int i = 0; i < ends.size(); i++) {
            if (ends.get(i).cycle() != i + 1) {
                breaches.add("exactly one end per handover: end " + (i + 1) + " is of cycle "
                        + ends.get(i).cycle());
            }
        }
        for (Command end : ends) {
            if (!end.what().equals(CUSTOMER_END) && end.decidedAt() < lastGone(history, end.cycle())) {
                breaches.add("no end before the last agent is gone: cycle " + end.cycle() + " ended too early");
            }
            for (History.Service service : history.services()) {
                if (!end.what().equals(CUSTOMER_END) && service.isAt(end.decidedAt())) {
                    breaches.add("no end while an agent serves: " + service.agentId() + " served when cycle "
                            + end.cycle() + " ended");
                }
            }
        }
        return breaches;
    }

    private static long lastGone(History history, int handover) {
        return history.events().stream()
                .filter(event -> event.handover() == handover && event.kind() == Kind.USER_END)
                .mapToLong(GenesysEvent::time)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private void noCommandTwice() {
        Set<String> ids = new HashSet<>();
        for (Command command : seen) {
            if (!ids.add(command.id())) {
                breaches.add("no command twice: " + command.type() + ' ' + command.what() + " of cycle "
                        + command.cycle() + " came again");
            }
        }
    }

    private void atMostOneEndPerCycle() {
        Set<Integer> ended = new HashSet<>();
        for (Command command : seen) {
            if (command.isEnd() && !ended.add(command.cycle())) {
                breaches.add("at most one end per cycle: cycle " + command.cycle() + " ended again");
            }
        }
    }

    /** Of what had arrived by then, after the previous end: nobody is known to have come and not to have gone. */
    private void noEndWhileAnAgentServes(Command end) {
        LongPredicate known = at -> at < end.decidedAt();
        for (Arrival arrival : arrivals) {
            GenesysEvent start = arrival.event();
            if (start.kind() == Kind.USER_START
                    && known.test(arrival.at())
                    && start.time() > previousEnd(end.cycle())
                    && !isKnown(
                            known,
                            event -> event.session().equals(start.session())
                                    && (event.kind() == Kind.USER_END || event.kind() == Kind.ACW))) {
                breaches.add("no end while an agent serves: " + start.agentId() + " was known to serve when cycle "
                        + end.cycle() + " ended");
            }
        }
    }

    /** The deciding fact of the newest end before that cycle's. */
    private long previousEnd(int cycle) {
        long previous = Long.MIN_VALUE;
        for (Command command : seen) {
            if (command.isEnd() && command.cycle() < cycle) {
                previous = Math.max(previous, command.occurredAt());
            }
        }
        return previous;
    }

    /** The last agent, or the customer in the queue, is known to have left since the last end, and nothing was told. */
    private void noEndSwallowed() {
        GenesysEvent newest = newestSince(previousEnd(Integer.MAX_VALUE));
        if (newest == null || !tellsThatAllAreGone(newest)) {
            return;
        }
        boolean overAnyway = rules.customerEndEnds() && isKnown(at -> true, isCustomerEndSince(newest.time()));
        if (!overAnyway && arrivals.stream().noneMatch(arrival -> isStillThere(arrival.event()))) {
            breaches.add("no end swallowed: " + newest.title() + " at " + newest.time() + " was told by no end");
        }
    }

    /** What happened last of what began after that end and says who has the conversation. */
    private @Nullable GenesysEvent newestSince(long end) {
        return arrivals.stream()
                .map(Arrival::event)
                .filter(event -> end == Long.MIN_VALUE || began(event) > end)
                .filter(event -> event.kind().isStart()
                        || event.kind() == Kind.ACD_END
                        || (event.kind() == Kind.USER_END && event.departure() != Departure.DECLINED))
                .max(ReferenceModel.IN_ORDER)
                .orElse(null);
    }

    private static boolean tellsThatAllAreGone(GenesysEvent event) {
        return event.kind() == Kind.USER_END
                ? event.departure() == Departure.LEFT
                : "ABANDON".equals(event.acdOutcome());
    }

    private static Predicate<GenesysEvent> isCustomerEndSince(long time) {
        return event -> event.kind() == Kind.CUSTOMER_END && event.time() >= time;
    }

    private boolean isStillThere(GenesysEvent event) {
        return (event.kind() == Kind.USER_START
                        && !isKnown(
                                at -> true,
                                other -> other.session().equals(event.session())
                                        && (other.kind() == Kind.USER_END || other.kind() == Kind.ACW)))
                || (event.kind() == Kind.ACD_START
                        && !isKnown(
                                at -> true,
                                other -> other.session().equals(event.session()) && other.kind() == Kind.ACD_END));
    }

    /** When the session that the event is of began; long ago if nothing tells. */
    private long began(GenesysEvent event) {
        return arrivals.stream()
                .map(Arrival::event)
                .filter(other -> other.session().equals(event.session()))
                .filter(other -> other.kind().isStart() || other.kind() == Kind.USER_END)
                .mapToLong(other -> other.kind() == Kind.USER_END ? other.began() : other.time())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private void noEndFromATransferredLegsWrapUp(Command end) {
        LongPredicate known = at -> at < end.decidedAt();
        for (Arrival arrival : arrivals) {
            GenesysEvent wrapUp = arrival.event();
            if (wrapUp.kind() == Kind.ACW
                    && end.evidence().contains(Command.quote(wrapUp))
                    && isKnown(
                            known,
                            event -> event.kind() == Kind.USER_END
                                    && event.session().equals(wrapUp.session())
                                    && event.departure() != Departure.LEFT)
                    && !isKnown(known, other -> isOtherWrapUpAt(other, wrapUp))) {
                breaches.add("no end from a transferred leg's wrap-up: cycle " + end.cycle()
                        + " ended by the wrap-up of " + wrapUp.session());
            }
        }
    }

    /** Two wrap-ups of the same millisecond quote alike. */
    private static boolean isOtherWrapUpAt(GenesysEvent other, GenesysEvent wrapUp) {
        return other.kind() == Kind.ACW
                && other.time() == wrapUp.time()
                && !other.session().equals(wrapUp.session());
    }

    private boolean isKnown(LongPredicate inTime, Predicate<GenesysEvent> matching) {
        return arrivals.stream().anyMatch(arrival -> inTime.test(arrival.at()) && matching.test(arrival.event()));
    }
}
