package io.handover.reference;

import io.handover.traffic.Choices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Sends again what an archive of EventBridge holds: minute for minute of the events' own time, and within a minute in no
 * order. Some come with another id, because nothing promises that they keep theirs.
 *
 * @param name what the replay is called
 * @param minuteTakesMs for how long the events of one minute are on their way; minutes without events take no time
 */
public record ArchiveReplay(String name, int minuteTakesMs) {

    private static final int ANOTHER_ID_ONE_IN = 3;
    private static final long MINUTE_MS = 60_000;

    /**
     * What arrives, in the order in which it does.
     *
     * @param archived everything that was published, delivered or not, of any number of conversations
     * @param start when the first of it arrives at the earliest
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
