package io.handover.reference;

import io.handover.reference.Command.Shown;
import io.handover.traffic.Flow.Exit;
import io.handover.traffic.Flow.Role;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.GenesysEvent.QueueExit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A simple implementation of the decision table. It computes the commands to expect for one conversation.
 *
 * <p>After each arrival, the model sorts all known events by event time and reads all of them again. Is an agent there,
 * does the conversation wait in a queue, or does a flow have it? If not, what happened last? The model does not merge
 * events into a state, so no order of arrival can be handled wrongly. This is slow, but conversations in tests are
 * short.
 *
 * <p>Unlike the product, the model knows to which handover an event truly belongs.
 */
public final class ReferenceModel {

    /**
     * Orders events by event time. At equal times, events of flows are first. Ends of agent sessions are last:
     * transfers after acws, and acws after other ends.
     */
    static final Comparator<GenesysEvent> IN_ORDER = Comparator.comparingLong(GenesysEvent::time)
            .thenComparing(ReferenceModel::rank)
            .thenComparing(GenesysEvent::session);

    private final Rules rules;
    private final List<Arrival> known = new ArrayList<>();
    private final Set<GenesysEvent> events = new HashSet<>();
    private final List<Command> commands;

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

    /** The newest {@code agent-updated} of the open cycle. */
    private @Nullable Update updated;

    private @Nullable Conclusion held;
    private long due;

    /** The profiles of the partition so far. */
    private final List<ProfileArrival> profiles;

    private ReferenceModel(Rules rules, List<ProfileArrival> profiles, List<Command> commands) {
        this.rules = rules;
        this.profiles = profiles;
        this.commands = commands;
    }

    /** What the customer is shown of which agent, and the event that led to the announcement of this agent. */
    private record Update(String agentId, Shown shown, GenesysEvent because) {}

    /**
     * The reason of an end, and its evidence ordered by event time. The last event of the evidence is the deciding
     * event.
     */
    private record Conclusion(String reason, List<GenesysEvent> evidence) {}

    /**
     * Returns the commands to expect.
     *
     * @param entries all arrivals of one conversation and, if names are shown, the profiles of its partition; in the
     *     order of the log, and their times never decrease
     * @param until the stream time at the end, epoch ms; deadlines up to this time fire
     */
    public static List<Command> commands(Rules rules, List<? extends LogEntry> entries, long until) {
        List<Command> commands = new ArrayList<>();
        ReferenceModel model = new ReferenceModel(rules, new ArrayList<>(), commands);
        for (LogEntry entry : entries) {
            model = model.advanceTo(entry.at());
            if (entry instanceof Arrival arrival) {
                model.apply(arrival);
            } else if (entry instanceof ProfileArrival profile) {
                model.learn(profile);
            }
        }
        model.advanceTo(until);
        return List.copyOf(commands);
    }

    /** Returns the model for this time: a new one if the conversation has been forgotten since the last arrival. */
    private ReferenceModel advanceTo(long time) {
        long touched = known.stream()
                .mapToLong(arrival -> Math.max(arrival.at(), arrival.event().time()))
                .max()
                .orElse(time);
        long forgotten = touched + rules.retentionMs();
        if (held != null && due <= Math.min(time, forgotten)) {
            end(held.reason, held.evidence, due);
            // The customer may have come back while the end was held.
            reopensWith(known -> known.kind() == Kind.CUSTOMER_START);
        }
        if (time < forgotten) {
            return this;
        }
        if (open && hasBegun()) {
            commands.add(Command.ended(cycle, Command.EXPIRED, touched, List.of(), forgotten));
        }
        return new ReferenceModel(rules, profiles, commands);
    }

    private boolean hasBegun() {
        return cycle > 1
                || events.stream().anyMatch(event -> event.kind() != Kind.CUSTOMER_END && !event.isOfFlow(Role.ASIDE));
    }

    private void apply(Arrival arrival) {
        GenesysEvent event = arrival.event();
        boolean tooOld = event.time() <= arrival.at() - rules.retentionMs();
        if (tooOld || !events.add(event)) {
            return;
        }
        known.add(arrival);
        if (refutes(arrival)) {
            refuting.add(event.session());
        }
        if (open && !isOfOpenHandover(event)) {
            // The event may show that an earlier arrival was not of the open handover either.
            conclude(arrival.at());
            return;
        }
        if (!open && !reopens(arrival)) {
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
        updated = null;
    }

    private void customerEnd(GenesysEvent event, long at) {
        lastCustomerEnd = event;
        end("customer-end", List.of(event), at);
        // The customer.end may have arrived after the start of the next handover. Then the next handover opens now.
        if (reopensWith(GenesysEvent::canOpenHandover)) {
            conclude(at);
            announce(new AgentSessions(facts()).newestVoiced(), at);
        }
    }

    private boolean reopensWith(Predicate<GenesysEvent> starts) {
        GenesysEvent next = first(starts.and(known -> known.handover() > lastEnded));
        if (next != null) {
            open(next.handover());
        }
        return next != null;
    }

    private void end(String reason, List<GenesysEvent> evidence, long decidedAt) {
        GenesysEvent deciding = evidence.get(evidence.size() - 1);
        lastEnd = Command.ended(cycle, reason, deciding.time(), evidence, decidedAt);
        lastEnded = deciding.handover();
        commands.add(lastEnd);
        open = false;
        held = null;
        refuting.clear();
    }

    /** Whether the event opens the next handover: rows 20 to 22 of the decision table. */
    private boolean reopens(Arrival arrival) {
        GenesysEvent event = arrival.event();
        if (event.canOpenHandover()) {
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
                    && !Set.of("queue-abandoned", "flow-disconnected").contains(conclusion.reason)) {
                // Genesys may offer the conversation to the next agent. Without queue events, nothing shows this yet.
                until = Math.max(until, arrival.at() + rules.afterCallWorkTimeoutMs());
            }
        }
        return until;
    }

    private @Nullable Conclusion conclusion() {
        List<GenesysEvent> facts = facts();
        AgentSessions agents = new AgentSessions(facts);
        GenesysEvent departure = newestDeparture(facts, agents);
        if (agents.isAnyActive() || isWaiting(facts, agents) || departure == null || isInFlow(facts, departure)) {
            return null;
        }
        return switch (departure.kind()) {
            case USER_END -> departure.departure() == Departure.TRANSFERRED ? null : left(facts, departure);
            case ACW -> new Conclusion("transfer-timeout", List.of(departure));
            case ACD_END ->
                departure.queueExit() == QueueExit.ABANDONED
                        ? new Conclusion("queue-abandoned", List.of(departure))
                        : null;
            default ->
                departure.flowExit() == Exit.DISCONNECTED
                        ? new Conclusion("flow-disconnected", List.of(departure))
                        : null;
        };
    }

    /** Returns the newest event after which an agent, a queue or a flow no longer has the conversation, or null. */
    private static @Nullable GenesysEvent newestDeparture(List<GenesysEvent> facts, AgentSessions agents) {
        return Stream.of(
                        agents.newestDeparture(),
                        last(facts, fact -> fact.kind() == Kind.ACD_END),
                        last(facts, fact -> fact.kind() == Kind.FLOW_END && fact.flowExit() != Exit.NEUTRAL))
                .filter(Objects::nonNull)
                .max(IN_ORDER)
                .orElse(null);
    }

    private static @Nullable GenesysEvent last(List<GenesysEvent> facts, Predicate<GenesysEvent> matching) {
        return facts.stream().filter(matching).max(IN_ORDER).orElse(null);
    }

    /** Whether a routing flow took the conversation at the newest departure or later, and has not ended. */
    private static boolean isInFlow(List<GenesysEvent> facts, GenesysEvent departure) {
        return facts.stream()
                .anyMatch(fact -> fact.kind() == Kind.FLOW_START
                        && fact.isOfFlow(Role.ROUTING)
                        && fact.time() >= departure.time()
                        && !hasEnded(facts, fact, Kind.FLOW_END));
    }

    private static boolean hasEnded(List<GenesysEvent> facts, GenesysEvent start, Kind end) {
        return facts.stream()
                .anyMatch(fact ->
                        fact.kind() == end && fact.session().equals(start.session()) && fact.time() >= start.time());
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
     * Whether the conversation waits in a queue: the wait has no {@code acd.end}, no agent has taken the conversation
     * from the queue, and no flow has disconnected it.
     */
    private static boolean isWaiting(List<GenesysEvent> facts, AgentSessions agents) {
        GenesysEvent disconnected =
                last(facts, fact -> fact.kind() == Kind.FLOW_END && fact.flowExit() == Exit.DISCONNECTED);
        long over = Math.max(agents.taken(), disconnected == null ? Long.MIN_VALUE : disconnected.time());
        return facts.stream()
                .anyMatch(fact ->
                        fact.kind() == Kind.ACD_START && fact.time() > over && !hasEnded(facts, fact, Kind.ACD_END));
    }

    /**
     * Adds an {@code agent-updated} for the newest agent who is no silent joiner, unless the customer is already shown
     * this agent. It shows the newest profile of the agent.
     */
    private void announce(@Nullable GenesysEvent because, long at) {
        GenesysEvent newest = new AgentSessions(facts()).newestVoiced();
        if (because == null || newest == null || newest.agentId() == null) {
            return;
        }
        String agentId = newest.agentId();
        if (updated == null || !agentId.equals(updated.agentId)) {
            update(new Update(agentId, shown(newestProfile(agentId, at), false), because), at);
        }
    }

    /**
     * Keeps a profile. Adds an {@code agent-updated} if this conversation asked for the profile, its agent is the one
     * shown, and it shows another name or picture.
     */
    private void learn(ProfileArrival profile) {
        profiles.add(profile);
        if (open
                && updated != null
                && profile.name() != null
                && profile.isOf(updated.because.conversationId())
                && profile.agentId().equals(updated.agentId)
                && !shown(profile, true).looksLike(updated.shown)) {
            update(new Update(updated.agentId, shown(profile, true), updated.because), profile.at());
        }
    }

    private void update(Update next, long at) {
        updated = next;
        commands.add(Command.updated(cycle, next.agentId, next.shown, next.because, at));
    }

    private @Nullable ProfileArrival newestProfile(String agentId, long at) {
        ProfileArrival newest = null;
        for (ProfileArrival profile : profiles) {
            if (profile.agentId().equals(agentId)) {
                newest = profile;
            }
        }
        return newest == null || newest.at() + rules.profileRetentionMs() <= at ? null : newest;
    }

    /** An unknown agent has neither a name nor a picture, and so shows the same as no profile. */
    private static Shown shown(@Nullable ProfileArrival profile, boolean byProfile) {
        return profile == null ? Shown.ID_ALONE : new Shown(profile.name(), profile.imageUrl(), byProfile);
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
            case FLOW_START, FLOW_END -> 0;
            case USER_END -> event.departure() == Departure.TRANSFERRED ? 4 : 2;
            case ACW -> 3;
            default -> 1;
        };
    }
}
