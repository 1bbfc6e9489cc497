package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent sessions of one handover, without those that declined.
 *
 * <p>An agent whom no queue offered the conversation may only monitor the agents who were there before. Such an agent
 * is a silent joiner until the others have released the conversation.
 */
final class AgentSessions {

    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final List<Session> sessions = new ArrayList<>();

    /**
     * An agent session. Its events are null if they are not known.
     *
     * @param voicedAt the time from which the agent counts as more than a silent joiner, epoch ms
     */
    private record Session(
            @Nullable GenesysEvent start,
            @Nullable GenesysEvent end,
            @Nullable GenesysEvent acw,
            long voicedAt) {

        private String id() {
            return Stream.of(start, end, acw)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow()
                    .session();
        }

        private boolean isActive() {
            return gone() == NEVER;
        }

        /** Returns when the session began, epoch ms, or {@link #UNKNOWN}. */
        private long began() {
            return start != null ? start.time() : end != null ? end.began() : UNKNOWN;
        }

        private long gone() {
            return end != null ? end.time() : acw != null ? acw.time() : NEVER;
        }

        private boolean hasTransferred() {
            return end != null && end.departure() == Departure.TRANSFERRED;
        }

        /** Returns the time from which an agent who joined this one is no longer silent. */
        private long released() {
            if (hasTransferred()) {
                return gone();
            }
            return acw == null ? NEVER : Math.max(gone(), acw.time());
        }

        private boolean isSilent() {
            return voicedAt == NEVER || voicedAt > gone();
        }

        private Session voicedAt(long time) {
            return new Session(start, end, acw, time);
        }
    }

    /** Finds the sessions in the events of a handover, which are ordered by event time. */
    AgentSessions(List<GenesysEvent> facts) {
        Set<String> ids = new HashSet<>();
        List<Session> inOrder = new ArrayList<>();
        for (GenesysEvent fact : facts) {
            if (Set.of(Kind.USER_START, Kind.USER_END, Kind.ACW).contains(fact.kind()) && ids.add(fact.session())) {
                List<GenesysEvent> own = facts.stream()
                        .filter(other -> other.session().equals(fact.session()))
                        .toList();
                inOrder.add(new Session(
                        first(own, Kind.USER_START), first(own, Kind.USER_END), first(own, Kind.ACW), NEVER));
            }
        }
        inOrder.removeIf(session -> session.end != null && session.end.departure() == Departure.DECLINED);
        inOrder.sort(Comparator.comparingLong(Session::began).thenComparing(Session::id));
        inOrder.forEach(session -> sessions.add(session.voicedAt(voicedAt(session))));
    }

    private static @Nullable GenesysEvent first(List<GenesysEvent> own, Kind kind) {
        return own.stream().filter(event -> event.kind() == kind).findFirst().orElse(null);
    }

    /** Reads the sessions that are already in the list: those that began before. */
    private long voicedAt(Session joining) {
        // Without a user.start, nothing says that no queue offered the conversation.
        boolean mayJoin = joining.start != null && joining.start.queueId() == null;
        if (!mayJoin) {
            return joining.began();
        }
        return sessions.stream()
                .filter(earlier -> earlier.voicedAt <= joining.began() && earlier.gone() > joining.began())
                .mapToLong(Session::released)
                .reduce(joining.began(), Math::max);
    }

    /** Whether an agent is there. Silent joiners count. */
    boolean isAnyActive() {
        return sessions.stream().anyMatch(Session::isActive);
    }

    /** Returns the {@code user.start} of the newest active agent who is no silent joiner, or null. */
    @Nullable
    GenesysEvent newestVoiced() {
        return sessions.stream()
                .filter(session -> session.isActive() && !session.isSilent())
                .map(Session::start)
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(GenesysEvent::time)
                        .thenComparing(start -> String.valueOf(start.agentId())))
                .orElse(null);
    }

    /** Returns the newest time at which an agent took the conversation from a queue, epoch ms. */
    long taken() {
        return sessions.stream()
                .filter(session -> session.voicedAt == session.began())
                .mapToLong(Session::began)
                .max()
                .orElse(UNKNOWN);
    }

    /**
     * Returns the newest departure, or null: the {@code user.end}, or the {@code acw} if that is all that is known. A
     * silent joiner departs only by a transfer.
     */
    @Nullable
    GenesysEvent newestDeparture() {
        return sessions.stream()
                .filter(session -> !session.isSilent() || session.hasTransferred())
                .map(session -> session.end != null ? session.end : session.acw)
                .filter(Objects::nonNull)
                .max(ReferenceModel.IN_ORDER)
                .orElse(null);
    }
}
