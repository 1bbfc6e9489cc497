package io.handover.reference;

import io.handover.traffic.Choices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * A replay of an EventBridge archive: the events arrive minute by minute of their event time, and in no order within a
 * minute. Some have another id, because AWS does not promise that they keep theirs.
 *
 * @param name the name of the replay
 * @param minuteTakesMs within how many milliseconds the events of one minute arrive; minutes without events are skipped
 */
public record ArchiveReplay(String name, int minuteTakesMs) {

    private static final int ANOTHER_ID_ONE_IN = 3;
    private static final long MINUTE_MS = 60_000;

    /**
     * Returns the arrivals, in the order of the log.
     *
     * @param archived everything that was published, delivered or not, of any number of conversations
     * @param start the earliest time at which one arrives
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
