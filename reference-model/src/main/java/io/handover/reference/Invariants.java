package io.handover.reference;

import io.handover.reference.GenesysEvent.Departure;
import io.handover.reference.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * What must hold of the commands of one conversation, whatever was delivered and however.
 *
 * <p>Each breach is told in a sentence that begins with the name of the invariant. None of them trusts
 * {@link ReferenceModel}; what that says is compared by {@link Comparison}.
 */
public final class Invariants {

    private static final String CUSTOMER_END = "customer-end";

    private final List<Arrival> arrivals;
    private final List<Command> seen;
    private final List<String> breaches = new ArrayList<>();

    private Invariants(List<Arrival> arrivals, List<Command> seen) {
        this.arrivals = arrivals;
        this.seen = seen;
    }

    /**
     * Which invariants do not hold; empty if all do.
     *
     * @param arrivals all of one conversation, in the order of the log
     * @param seen its commands, in the order of the log
     */
    public static List<String> breaches(List<Arrival> arrivals, List<Command> seen) {
        Invariants invariants = new Invariants(arrivals, seen);
        invariants.noCommandTwice();
        invariants.atMostOneEndPerCycle();
        for (Command command : seen) {
            if (command.isEnd() && !command.what().equals(CUSTOMER_END)) {
                invariants.noEndWhileAnAgentServes(command);
                invariants.noEndFromATransferredLegsWrapUp(command);
            }
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
        for (Command end : ends) {
            for (History.Service service : history.services()) {
                if (!end.what().equals(CUSTOMER_END) && service.isAt(end.decidedAt())) {
                    breaches.add("no end while an agent serves: " + service.agentId() + " served when cycle "
                            + end.cycle() + " ended");
                }
            }
        }
        return breaches;
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
                    && start.time() > previousEnd(end)
                    && !isKnown(
                            known,
                            event -> event.session().equals(start.session())
                                    && (event.kind() == Kind.USER_END || event.kind() == Kind.ACW))) {
                breaches.add("no end while an agent serves: " + start.agentId() + " was known to serve when cycle "
                        + end.cycle() + " ended");
            }
        }
    }

    private long previousEnd(Command end) {
        long previous = Long.MIN_VALUE;
        for (Command command : seen) {
            if (command.isEnd() && command.cycle() < end.cycle()) {
                previous = Math.max(previous, command.occurredAt());
            }
        }
        return previous;
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
