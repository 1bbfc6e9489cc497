package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A simple implementation of the decision table. It computes the commands to expect for one conversation.
 *
 * <p>After each arrival, the model sorts all known events by event time and reads all of them again. Does an agent
 * serve, or does the conversation wait in a queue? If not, what happened last? The model does not merge events into a
 * state, so no order of arrival can be handled wrongly. This is slow, but conversations in tests are short.
 *
 * <p>Unlike the product, the model knows to which handover an event truly belongs.
 */
public final class ReferenceModel {

    /**
     * Orders events by event time. At equal times, transfers are last, after acws; other ends of agent sessions are
     * before acws, and all other events are first.
     */
    static final Comparator<GenesysEvent> IN_ORDER = Comparator.comparingLong(GenesysEvent::time)
            .thenComparing(ReferenceModel::rank)
            .thenComparing(GenesysEvent::session);

    private final Rules rules;
    private final List<Arrival> known = new ArrayList<>();
    private final Set<GenesysEvent> events = new HashSet<>();
    private final List<Command> commands = new ArrayList<>();

    private int cycle = 1;
    private boolean open = true;

    /** The open cycle uses the events of this handover and of later ones. */
    private int since = 1;

    private @Nullable Command lastEnd;
    private int lastEnded;

    /**
     * The agent sessions whose late {@code user.start} showed that the last end was wrong: these agents still serve.
     */
    private final Set<String> refuting = new HashSet<>();

    /**
     * The time of the event that reopened the conversation, epoch ms. For a {@code user.end}, the time when its session
     * began.
     */
    private long reopenedBy;

    /** The newest customer.end that ended a handover. */
    private @Nullable GenesysEvent lastCustomerEnd;

    private @Nullable String shown;
    private @Nullable Conclusion held;
    private long due;

    private ReferenceModel(Rules rules) {
        this.rules = rules;
    }

    /**
     * The reason of an end, and its evidence ordered by event time. The last event of the evidence is the deciding
     * event.
     */
    private record Conclusion(String reason, List<GenesysEvent> evidence) {}

    /**
     * Returns the commands to expect.
     *
     * @param arrivals all arrivals of one conversation, in the order of the log; their times never decrease
     * @param until the stream time at the end, epoch ms; deadlines up to this time fire
     */
    public static List<Command> commands(Rules rules, List<Arrival> arrivals, long until) {
        ReferenceModel model = new ReferenceModel(rules);
        arrivals.forEach(model::apply);
        model.advanceTo(until);
        return List.copyOf(model.commands);
    }

    private void advanceTo(long time) {
        if (held != null && due <= time) {
            end(held.reason, held.evidence, due);
            // The customer may have come back while the end was held.
            reopensWith(Set.of(Kind.CUSTOMER_START));
        }
    }

    private void apply(Arrival arrival) {
        advanceTo(arrival.at());
        GenesysEvent event = arrival.event();
        if (!events.add(event)) {
            return;
        }
        known.add(arrival);
        if (refutes(arrival)) {
            refuting.add(event.session());
        }
        if (open ? !isOfOpenHandover(event) : !reopens(arrival)) {
            return;
        }
        if (!open) {
            open(event.handover() > lastEnded ? lastEnded + 1 : event.handover());
            reopenedBy = event.kind() == Kind.USER_END ? event.began() : event.time();
        }
        if (event.kind() == Kind.CUSTOMER_END && rules.customerEndEnds()) {
            customerEnd(event, arrival.at());
            return;
        }
        conclude(arrival.at());
        announce(event, arrival.at());
        GenesysEvent customerEnd = first(known -> known.kind() == Kind.CUSTOMER_END && !known.equals(lastCustomerEnd));
        if (customerEnd != null && rules.customerEndEnds()) {
            // The customer end arrived before the first start of its handover.
            customerEnd(customerEnd, arrival.at());
        }
    }

    private void open(int handover) {
        open = true;
        cycle++;
        since = handover;
        shown = null;
    }

    private void customerEnd(GenesysEvent event, long at) {
        lastCustomerEnd = event;
        end("customer-end", List.of(event), at);
        // The customer.end may have arrived after the start of the next handover. Then the next handover opens now.
        if (reopensWith(Set.of(Kind.CUSTOMER_START, Kind.USER_START, Kind.ACD_START))) {
            conclude(at);
            announce(newestStart(), at);
        }
    }

    private boolean reopensWith(Set<Kind> starts) {
        GenesysEvent next = first(known -> known.handover() > lastEnded && starts.contains(known.kind()));
        if (next != null) {
            open(next.handover());
        }
        return next != null;
    }

    private void end(String reason, List<GenesysEvent> evidence, long decidedAt) {
        GenesysEvent deciding = evidence.get(evidence.size() - 1);
        lastEnd = Command.ended(cycle, reason, evidence, decidedAt);
        lastEnded = deciding.handover();
        commands.add(lastEnd);
        open = false;
        held = null;
        refuting.clear();
    }

    /** Whether the event opens the next handover: rows 20 to 22 of the decision table. */
    private boolean reopens(Arrival arrival) {
        GenesysEvent event = arrival.event();
        if (event.kind().isStart()) {
            return (isAfterEnd(event.time()) || refutes(arrival)) && !isOverAnyway(arrival);
        }
        if (event.kind() == Kind.USER_END) {
            return isAfterEnd(event.began());
        }
        return event.kind() == Kind.CUSTOMER_END
                && rules.customerEndEnds()
                && isAfterEnd(event.time() - event.interactingMs());
    }

    private boolean isAfterEnd(long time) {
        return lastEnd != null && time > lastEnd.occurredAt();
    }

    /**
     * Whether a late {@code user.start} refutes the last end: its agent still serves. An end by {@code customer.end}
     * cannot be refuted, and a start from an archive replay refutes no end.
     */
    private boolean refutes(Arrival arrival) {
        GenesysEvent event = arrival.event();
        return event.kind() == Kind.USER_START
                && arrival.replay() == null
                && lastEnd != null
                && !lastEnd.what().equals("customer-end")
                && !hasDeparted(event.session());
    }

    /**
     * Whether the handover of this start is over: a {@code customer.end} not older than the start has been known for
     * longer than the out-of-order grace.
     */
    private boolean isOverAnyway(Arrival start) {
        return rules.customerEndEnds()
                && known.stream()
                        .anyMatch(end -> end.event().kind() == Kind.CUSTOMER_END
                                && end.event().time() >= start.event().time()
                                && end.at() + rules.graceMs() < start.at());
    }

    /**
     * Finds out which end is due, from the facts of the open handover. An unchanged conclusion keeps its deadline,
     * unless {@link #transferUntil} is later.
     */
    private void conclude(long at) {
        Conclusion next = rules.agentsEnd() ? conclusion() : null;
        if (next == null) {
            held = null;
            return;
        }
        if (!next.equals(held)) {
            held = next;
            due = at + Math.max(rules.graceMs(), timeout(next.reason));
        }
        due = Math.max(due, transferUntil(next));
    }

    private long timeout(String reason) {
        return switch (reason) {
            case "after-call-work" -> rules.graceMs();
            case "agent-left" -> rules.afterCallWorkTimeoutMs();
            default -> rules.transferTimeoutMs();
        };
    }

    private long transferUntil(Conclusion conclusion) {
        long until = Long.MIN_VALUE;
        for (Arrival arrival : known) {
            GenesysEvent event = arrival.event();
            if (!isOfOpenHandover(event) || event.kind() != Kind.USER_END) {
                continue;
            }
            if (event.departure() == Departure.TRANSFERRED) {
                until = Math.max(until, arrival.at() + rules.transferTimeoutMs());
            } else if (event.departure() == Departure.DECLINED
                    && event.time() > conclusion.evidence.get(0).time()
                    && !conclusion.reason.equals("queue-abandoned")) {
                // Genesys may offer the conversation to the next agent. Without queue events, nothing shows this yet.
                until = Math.max(until, arrival.at() + rules.afterCallWorkTimeoutMs());
            }
        }
        return until;
    }

    private @Nullable Conclusion conclusion() {
        List<GenesysEvent> facts = facts();
        if (newestStart() != null || isWaiting(facts)) {
            return null;
        }
        for (int i = facts.size() - 1; i >= 0; i--) {
            GenesysEvent fact = facts.get(i);
            switch (fact.kind()) {
                case USER_END -> {
                    if (fact.departure() == Departure.TRANSFERRED) {
                        return null;
                    }
                    if (fact.departure() == Departure.LEFT) {
                        return left(facts, fact);
                    }
                }
                case ACW -> {
                    if (end(facts, fact.session()) == null) {
                        return new Conclusion("transfer-timeout", List.of(fact));
                    }
                }
                case ACD_END -> {
                    return "ABANDON".equals(fact.acdOutcome())
                            ? new Conclusion("queue-abandoned", List.of(fact))
                            : null;
                }
                default -> {
                    // The other kinds do not say who has the conversation now.
                }
            }
        }
        return null;
    }

    private static Conclusion left(List<GenesysEvent> facts, GenesysEvent left) {
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.ACW && fact.session().equals(left.session())) {
                return new Conclusion(
                        "after-call-work", fact.time() < left.time() ? List.of(fact, left) : List.of(left, fact));
            }
        }
        return new Conclusion("agent-left", List.of(left));
    }

    /**
     * Whether the conversation waits in a queue: it has no {@code acd.end}, and no agent has taken it from the queue.
     */
    private static boolean isWaiting(List<GenesysEvent> facts) {
        long taken = Long.MIN_VALUE;
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.USER_START) {
                GenesysEvent end = end(facts, fact.session());
                taken = end != null && end.departure() == Departure.DECLINED ? taken : Math.max(taken, fact.time());
            } else if (fact.kind() == Kind.USER_END && fact.departure() != Departure.DECLINED) {
                taken = Math.max(taken, fact.began());
            }
        }
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.ACD_START
                    && fact.time() > taken
                    && facts.stream()
                            .noneMatch(other -> other.kind() == Kind.ACD_END
                                    && other.session().equals(fact.session()))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable GenesysEvent end(List<GenesysEvent> facts, String session) {
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.USER_END && fact.session().equals(session)) {
                return fact;
            }
        }
        return null;
    }

    /** Adds an {@code agent-updated} for the newest serving agent, unless the customer is already shown this agent. */
    private void announce(@Nullable GenesysEvent because, long at) {
        GenesysEvent newest = newestStart();
        if (because != null
                && newest != null
                && newest.agentId() != null
                && !newest.agentId().equals(shown)) {
            shown = newest.agentId();
            commands.add(Command.updated(cycle, newest.agentId(), because, at));
        }
    }

    /** Returns the {@code user.start} of the newest serving agent, or null if no agent serves. */
    private @Nullable GenesysEvent newestStart() {
        return facts().stream()
                .filter(fact -> fact.kind() == Kind.USER_START && !hasDeparted(fact.session()))
                .max(Comparator.comparingLong(GenesysEvent::time)
                        .thenComparing(start -> String.valueOf(start.agentId())))
                .orElse(null);
    }

    private boolean hasDeparted(String session) {
        return known.stream()
                .map(Arrival::event)
                .anyMatch(event ->
                        event.session().equals(session) && (event.kind() == Kind.USER_END || event.kind() == Kind.ACW));
    }

    private @Nullable GenesysEvent first(Predicate<GenesysEvent> matching) {
        return facts().stream().filter(matching).findFirst().orElse(null);
    }

    /** Returns the known events of the open handover, ordered by event time. */
    private List<GenesysEvent> facts() {
        return known.stream()
                .map(Arrival::event)
                .filter(this::isOfOpenHandover)
                .sorted(IN_ORDER)
                .toList();
    }

    /**
     * Whether the event counts in the open handover. After an end that came too early, events of the ended handover
     * count only if their session refuted the end or began after it. If the beginning of the session is unknown, the
     * event counts if it is not older than {@code reopenedBy}.
     */
    private boolean isOfOpenHandover(GenesysEvent event) {
        if (event.handover() <= lastEnded && event.kind() != Kind.CUSTOMER_END && !refuting.contains(event.session())) {
            Long began = began(event.session());
            return event.handover() >= since && (began == null ? event.time() >= reopenedBy : isAfterEnd(began));
        }
        return event.handover() >= since;
    }

    /** Returns when the session began, epoch ms, or null if no event says so. */
    private @Nullable Long began(String session) {
        Long began = null;
        for (Arrival arrival : known) {
            GenesysEvent event = arrival.event();
            if (event.session().equals(session) && (event.kind().isStart() || event.kind() == Kind.USER_END)) {
                long candidate = event.kind().isStart() ? event.time() : event.began();
                began = began == null ? candidate : Math.max(began, candidate);
            }
        }
        return began;
    }

    private static int rank(GenesysEvent event) {
        return switch (event.kind()) {
            case USER_END -> event.departure() == Departure.TRANSFERRED ? 3 : 1;
            case ACW -> 2;
            default -> 0;
        };
    }
}
