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
 * The invariants of the commands of one conversation. They hold for any deliveries in any order. Only
 * {@link #breachesOfTruth} requires that all events arrived within the out-of-order grace.
 *
 * <p>Each breach is a sentence that begins with the name of the invariant. The invariants do not use the commands that
 * {@link ReferenceModel} expects.
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
     * Returns one sentence per breach.
     *
     * @param arrivals all arrivals of one conversation, in the order of the log
     * @param seen the commands that the product sent for the conversation, in the order of the topic
     */
    public static List<String> breaches(Rules rules, List<Arrival> arrivals, List<Command> seen) {
        Invariants invariants = new Invariants(rules, arrivals, seen);
        invariants.noCommandTwice();
        invariants.atMostOneEndPerCycle();
        for (Command command : seen) {
            if (command.isEnd() && !command.what().equals(CUSTOMER_END)) {
                invariants.noEndWhileAnAgentServes(command);
                invariants.noEndFromTheAcwOfATransferredAgentSession(command);
            }
        }
        if (rules.agentsEnd()) {
            invariants.noEndMissing();
        }
        return invariants.breaches;
    }

    /**
     * Compares the commands with what truly happened, and returns one sentence per breach. Each handover must end once,
     * with its own number, and not before the last agent was gone. All events must have arrived within the out-of-order
     * grace.
     *
     * @param history what truly happened; {@link History#apart()} must be true
     * @param seen the commands that the product sent for the conversation, in the order of the topic
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

    /**
     * Checks that no agent was known to serve when this end was decided. Agents who came before the previous end do not
     * count.
     */
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

    /**
     * Returns the event time of the newest end before this cycle, epoch ms, or {@code Long.MIN_VALUE} if there is none.
     */
    private long previousEnd(int cycle) {
        long previous = Long.MIN_VALUE;
        for (Command command : seen) {
            if (command.isEnd() && command.cycle() < cycle) {
                previous = Math.max(previous, command.occurredAt());
            }
        }
        return previous;
    }

    /** Checks that an end was sent after the last agent left, or after the customer left the queue. */
    private void noEndMissing() {
        GenesysEvent newest = newestSince(previousEnd(Integer.MAX_VALUE));
        if (newest == null || !saysThatAllAreGone(newest)) {
            return;
        }
        boolean overAnyway = rules.customerEndEnds() && isKnown(at -> true, isCustomerEndSince(newest.time()));
        if (!overAnyway && arrivals.stream().noneMatch(arrival -> isStillThere(arrival.event()))) {
            breaches.add("no end missing: " + newest.title() + " at " + newest.time() + " was followed by no end");
        }
    }

    /**
     * Returns the newest event that says who has the conversation, or null. Only sessions that began after {@code end}
     * count.
     */
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

    private static boolean saysThatAllAreGone(GenesysEvent event) {
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

    /** Returns when the session of the event began, epoch ms, or {@code Long.MIN_VALUE} if no event says so. */
    private long began(GenesysEvent event) {
        return arrivals.stream()
                .map(Arrival::event)
                .filter(other -> other.session().equals(event.session()))
                .filter(other -> other.kind().isStart() || other.kind() == Kind.USER_END)
                .mapToLong(other -> other.kind() == Kind.USER_END ? other.began() : other.time())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private void noEndFromTheAcwOfATransferredAgentSession(Command end) {
        LongPredicate known = at -> at < end.decidedAt();
        for (Arrival arrival : arrivals) {
            GenesysEvent acw = arrival.event();
            if (acw.kind() == Kind.ACW
                    && end.evidence().contains(Command.quote(acw))
                    && isKnown(
                            known,
                            event -> event.kind() == Kind.USER_END
                                    && event.session().equals(acw.session())
                                    && event.departure() != Departure.LEFT)
                    && !isKnown(known, other -> isOtherAcwAt(other, acw))) {
                breaches.add("no end from the acw of a transferred agent session: cycle " + end.cycle()
                        + " ended by the acw of " + acw.session());
            }
        }
    }

    /**
     * Whether the other event is an acw of another session with the same event time. Evidence cannot distinguish the
     * two.
     */
    private static boolean isOtherAcwAt(GenesysEvent other, GenesysEvent acw) {
        return other.kind() == Kind.ACW
                && other.time() == acw.time()
                && !other.session().equals(acw.session());
    }

    private boolean isKnown(LongPredicate inTime, Predicate<GenesysEvent> matching) {
        return arrivals.stream().anyMatch(arrival -> inTime.test(arrival.at()) && matching.test(arrival.event()));
    }
}
