package io.handover.reference;

import io.handover.traffic.Flow.Exit;
import io.handover.traffic.Flow.Role;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.GenesysEvent.QueueExit;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

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
    private final List<String> breaches;

    /** The first arrival of each event that is not too old, from the first one until the conversation is forgotten. */
    private final List<Arrival> arrivals = new ArrayList<>();

    private final List<Command> seen = new ArrayList<>();
    private long forgottenAt = Long.MIN_VALUE;

    private Invariants(Rules rules, List<String> breaches) {
        this.rules = rules;
        this.breaches = breaches;
    }

    /**
     * Returns one sentence per breach.
     *
     * @param arrivals all arrivals of one conversation, in the order of the log
     * @param seen the commands that the product sent for the conversation, in the order of the topic
     */
    public static List<String> breaches(Rules rules, List<Arrival> arrivals, List<Command> seen) {
        List<String> breaches = new ArrayList<>();
        noCommandTwice(seen, breaches);
        split(rules, arrivals, seen, breaches).forEach(Invariants::check);
        return breaches;
    }

    /**
     * Checks that every handover ends, and returns one sentence per breach.
     *
     * @param arrivals all arrivals of one conversation, in the order of the log
     * @param seen all commands that the product sent until the retention after the last arrival had passed
     */
    public static List<String> breachesOfLiveness(Rules rules, List<Arrival> arrivals, List<Command> seen) {
        List<String> breaches = new ArrayList<>();
        for (Invariants invariants : split(rules, arrivals, seen, breaches)) {
            invariants.everyHandoverEnds();
            invariants.noCommandAfterTheRetention();
        }
        return breaches;
    }

    /**
     * Splits arrivals and commands where the conversation was forgotten: then its cycles begin again with 1, and
     * nothing that arrived before is known.
     */
    private static List<Invariants> split(
            Rules rules, List<Arrival> arrivals, List<Command> seen, List<String> breaches) {
        List<Invariants> parts = new ArrayList<>(List.of(new Invariants(rules, breaches)));
        Set<GenesysEvent> known = new HashSet<>();
        List<Command> rest = new ArrayList<>(seen);
        for (Arrival arrival : arrivals) {
            GenesysEvent event = arrival.event();
            Invariants part = parts.get(parts.size() - 1);
            if (!part.arrivals.isEmpty() && arrival.at() >= part.forgottenAt) {
                while (!rest.isEmpty() && part.isOfThisPart(rest.get(0), arrival.at())) {
                    part.seen.add(rest.remove(0));
                }
                known.clear();
                part = new Invariants(rules, breaches);
                parts.add(part);
            }
            if (event.time() > arrival.at() - rules.retentionMs() && known.add(event)) {
                part.arrivals.add(arrival);
                part.forgottenAt =
                        Math.max(part.forgottenAt, Math.max(arrival.at(), event.time()) + rules.retentionMs());
            }
        }
        parts.get(parts.size() - 1).seen.addAll(rest);
        return parts;
    }

    private boolean isOfThisPart(Command command, long nextBegins) {
        return command.decidedAt() < nextBegins || (command.isExpired() && command.decidedAt() == forgottenAt);
    }

    private void check() {
        atMostOneEndPerCycle();
        noCycleBeforeTheEndOfTheLast();
        everyUpdateShowsSomethingNew();
        for (Command command : seen) {
            if (command.isEnd() && !command.what().equals(CUSTOMER_END) && !command.isExpired()) {
                noEndWhileAnAgentServes(command);
                noEndFromTheAcwOfATransferredAgentSession(command);
            }
        }
        if (rules.agentsEnd()) {
            noEndMissing();
        }
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

    private static void noCommandTwice(List<Command> seen, List<String> breaches) {
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

    private void noCycleBeforeTheEndOfTheLast() {
        int ended = 0;
        for (Command command : seen) {
            if (command.cycle() > ended + 1) {
                breaches.add("no cycle before the end of the last: " + command.type() + ' ' + command.what()
                        + " of cycle " + command.cycle() + " came before the end of cycle " + (command.cycle() - 1));
            }
            ended = command.isEnd() ? Math.max(ended, command.cycle()) : ended;
        }
    }

    /**
     * Checks that each update of a cycle shows another agent, name or picture than the one before, and that a profile
     * changes only the name and picture of the agent who is shown.
     */
    private void everyUpdateShowsSomethingNew() {
        Command last = null;
        for (Command update : seen) {
            if (update.isEnd()) {
                continue;
            }
            boolean sameAgent = last != null
                    && last.cycle() == update.cycle()
                    && last.what().equals(update.what());
            if (update.shown().byProfile() && (!sameAgent || update.shown().name() == null)) {
                breaches.add(
                        "every update shows something new: a profile led to " + update.what() + ' ' + update.shown()
                                + " of cycle " + update.cycle() + ", who is not the agent shown, or has no name");
            }
            if (last != null && sameAgent && last.shown().looksLike(update.shown())) {
                breaches.add("every update shows something new: " + update.what() + ' ' + update.shown() + " of cycle "
                        + update.cycle() + " was shown before");
            }
            last = update;
        }
    }

    /** Checks that the newest cycle ended, and that an event that must have opened another one led to another end. */
    private void everyHandoverEnds() {
        int newest = seen.stream().mapToInt(Command::cycle).max().orElse(0);
        List<Command> ends = seen.stream().filter(Command::isEnd).toList();
        Command end = ends.isEmpty() ? null : ends.get(ends.size() - 1);
        if (end == null || end.cycle() < newest) {
            if (newest > 0 || arrivals.stream().anyMatch(arrival -> isOfHandover(arrival.event()))) {
                breaches.add("every handover ends: cycle " + Math.max(newest, 1) + " did not end");
            }
            return;
        }
        for (Arrival arrival : arrivals) {
            if (arrival.at() > end.decidedAt() && arrival.event().time() > end.occurredAt() && opens(arrival)) {
                breaches.add("every handover ends: " + arrival.event().title() + " at "
                        + arrival.event().time() + " came after the end of cycle " + end.cycle()
                        + ", but no other cycle ended");
            }
        }
    }

    private static boolean isOfHandover(GenesysEvent event) {
        return event.kind() != Kind.CUSTOMER_END && !event.isOfFlow(Role.ASIDE);
    }

    /** Whether the event opens a handover after an end: only a start, and not if it is late and its handover over. */
    private boolean opens(Arrival start) {
        boolean isOver = rules.customerEndEnds()
                && isKnown(
                        at -> at + rules.graceMs() < start.at(),
                        isCustomerEndSince(start.event().time()));
        return start.event().canOpenHandover() && !isOver;
    }

    /**
     * Checks that the only command that comes after the retention is the end of an expired handover, and that it comes
     * exactly then.
     */
    private void noCommandAfterTheRetention() {
        for (Command command : seen) {
            boolean inTime = command.isExpired()
                    ? command.decidedAt() == forgottenAt && command.occurredAt() == forgottenAt - rules.retentionMs()
                    : command.decidedAt() <= forgottenAt;
            if (!inTime) {
                breaches.add("no command after the retention: " + command.type() + ' ' + command.what() + " of cycle "
                        + command.cycle() + " was decided at " + command.decidedAt()
                        + ", but the conversation is forgotten at " + forgottenAt);
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
     * Ends of expired handovers do not count.
     */
    private long previousEnd(int cycle) {
        long previous = Long.MIN_VALUE;
        for (Command command : seen) {
            if (command.isEnd() && !command.isExpired() && command.cycle() < cycle) {
                previous = Math.max(previous, command.occurredAt());
            }
        }
        return previous;
    }

    /**
     * Checks that an end was sent after the last agent left, the customer left the queue, or a flow disconnected. An
     * end that only came because nothing more arrived does not count.
     */
    private void noEndMissing() {
        long end = previousEnd(Integer.MAX_VALUE);
        List<GenesysEvent> facts = arrivals.stream()
                .map(Arrival::event)
                .filter(event -> end == Long.MIN_VALUE || began(event) > end)
                .filter(this::saysWhoHasTheConversation)
                .sorted(ReferenceModel.IN_ORDER)
                .toList();
        boolean opened = end == Long.MIN_VALUE
                || facts.stream().anyMatch(event -> event.canOpenHandover() || event.kind() == Kind.USER_END);
        GenesysEvent newest = facts.isEmpty() ? null : facts.get(facts.size() - 1);
        if (newest == null || !opened || !saysThatAllAreGone(newest)) {
            return;
        }
        boolean overAnyway = rules.customerEndEnds() && isKnown(at -> true, isCustomerEndSince(newest.time()));
        if (!overAnyway && arrivals.stream().noneMatch(arrival -> isStillThere(arrival.event(), newest))) {
            breaches.add("no end missing: " + newest.title() + " at " + newest.time() + " was followed by no end");
        }
    }

    private boolean saysWhoHasTheConversation(GenesysEvent event) {
        return switch (event.kind()) {
            case USER_END ->
                event.departure() == Departure.TRANSFERRED
                        || (event.departure() == Departure.LEFT && !mayBeSilent(event));
            case FLOW_END -> event.flowExit() != Exit.NEUTRAL;
            case ACD_END -> true;
            default -> event.canOpenHandover();
        };
    }

    /**
     * Whether the agent of this event may be a silent joiner: no queue is known to have offered the conversation to
     * this agent, and another agent was there. Whether the other agent released the conversation does not matter: that
     * agent has left then, and also leads to an end.
     */
    private boolean mayBeSilent(GenesysEvent event) {
        long began = began(event);
        return !isKnown(
                        at -> true,
                        start -> start.kind() == Kind.USER_START
                                && start.session().equals(event.session())
                                && start.queueId() != null)
                && isKnown(
                        at -> true,
                        other -> isOfOtherAgent(other, event)
                                && began(other) <= began
                                && !isKnown(at -> true, gone -> isGone(gone, other, began)));
    }

    private static boolean isOfOtherAgent(GenesysEvent other, GenesysEvent event) {
        return (other.kind() == Kind.USER_START || other.kind() == Kind.USER_END || other.kind() == Kind.ACW)
                && !other.session().equals(event.session());
    }

    /** Whether the event shows that an agent declined, or was gone at this time. */
    private static boolean isGone(GenesysEvent gone, GenesysEvent agent, long time) {
        return gone.session().equals(agent.session())
                && gone.kind() == Kind.USER_END
                && (gone.time() <= time || gone.departure() == Departure.DECLINED);
    }

    private static boolean saysThatAllAreGone(GenesysEvent event) {
        return switch (event.kind()) {
            case USER_END -> event.departure() == Departure.LEFT;
            case ACD_END -> event.queueExit() == QueueExit.ABANDONED;
            case FLOW_END -> event.flowExit() == Exit.DISCONNECTED;
            default -> false;
        };
    }

    private static Predicate<GenesysEvent> isCustomerEndSince(long time) {
        return event -> event.kind() == Kind.CUSTOMER_END && event.time() >= time;
    }

    /** Whether an agent, a queue or a flow may have the conversation after the newest departure. */
    private boolean isStillThere(GenesysEvent event, GenesysEvent newest) {
        return switch (event.kind()) {
            case USER_START -> !hasEnded(event, Kind.USER_END) && !hasEnded(event, Kind.ACW);
            case ACD_START ->
                !hasEnded(event, Kind.ACD_END) && (newest.kind() != Kind.FLOW_END || event.time() > newest.time());
            case FLOW_START ->
                event.isOfFlow(Role.ROUTING) && event.time() >= newest.time() && !hasEnded(event, Kind.FLOW_END);
            default -> false;
        };
    }

    private boolean hasEnded(GenesysEvent start, Kind end) {
        return isKnown(
                at -> true, other -> other.kind() == end && other.session().equals(start.session()));
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
