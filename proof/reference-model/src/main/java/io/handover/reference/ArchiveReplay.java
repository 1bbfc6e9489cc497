package io.handover.reference;

import io.handover.traffic.Choices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * A replay of an EventBridge archive. Events of an earlier minute of event time arrive first. Within a minute, the
 * order is random. Some events get a new id, because AWS does not promise that a replayed event keeps its id.
 *
 * @param name the name of the replay
 * @param minuteTakesMs the time in which the events of one minute arrive, in ms; minutes without events take no time
 */
public record ArchiveReplay(String name, int minuteTakesMs) {

    private static final int ANOTHER_ID_ONE_IN = 3;
    private static final long MINUTE_MS = 60_000;

    /**
     * Returns the arrivals, in the order of the log.
     *
     * @param archived all published events of one or more conversations, including events that were not delivered
     * @param start no arrival is earlier, epoch ms
     */
    public List<Arrival> deliver(List<Arrival> archived, long start, Choices choices) {
        TreeMap<Long, List<Arrival>> minutes = new TreeMap<>();
        for (Arrival arrival : archived) {
            minutes.computeIfAbsent(arrival.event().time() / MINUTE_MS, minute -> new ArrayList<>())
                    .add(arrival);
        }
        List<Arrival> arrivals = new ArrayList<>();
        long begins = start;
        for (List<Arrival> minute : minutes.values()) {
            for (Arrival arrival : minute) {
                String id = choices.oneIn(ANOTHER_ID_ONE_IN) ? arrival.eventId() + '-' + name : arrival.eventId();
                arrivals.add(new Arrival(begins + choices.below(minuteTakesMs), arrival.event(), id, name));
            }
            begins += minuteTakesMs;
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        return arrivals;
    }
}
