package io.handover.history.sources;

import io.handover.schema.Delivery.Relevance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts what was read from sources, by what became of it. {@link BrokenEntries} counts what cannot be read. */
final class ReadCount {

    private final Map<Relevance, Long> unwanted = new EnumMap<>(Relevance.class);
    private long wanted;
    private long notSelected;
    private long profiles;
    private long orders;
    private long timeOnly;

    void addWanted() {
        wanted++;
    }

    /** @param reason why no decision uses the delivery */
    void addUnwanted(Relevance reason) {
        unwanted.merge(reason, 1L, Long::sum);
    }

    /** Adds a delivery, or a record of any kind, that the options of the command do not select. */
    void addNotSelected() {
        notSelected++;
    }

    void addProfile() {
        profiles++;
    }

    void addOrder() {
        orders++;
    }

    /** Adds a record that only moves stream time. */
    void addTimeOnly() {
        timeOnly++;
    }

    void add(ReadCount other) {
        other.unwanted.forEach((reason, count) -> unwanted.merge(reason, count, Long::sum));
        wanted += other.wanted;
        notSelected += other.notSelected;
        profiles += other.profiles;
        orders += other.orders;
        timeOnly += other.timeOnly;
    }

    long unwanted() {
        return unwanted.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether there was a wanted delivery, or something that is not selected. */
    boolean hasWanted() {
        return wanted + notSelected > 0;
    }

    /** Returns the number of all deliveries and records. */
    long all() {
        return wanted + unwanted() + notSelected + profiles + orders + timeOnly;
    }

    /** Returns what was used, such as {@code 1,234 deliveries and 5 records that only move time}. */
    String used() {
        List<String> used = new ArrayList<>();
        used.add(counted(wanted, "delivery", "deliveries"));
        addOthers(used);
        return enumeration(used);
    }

    /** Returns what was left out, such as {@code 2 of another topic and 3 not selected}; empty if nothing was. */
    String leftOut() {
        List<String> leftOut = new ArrayList<>();
        addReasons(leftOut);
        if (notSelected > 0) {
            leftOut.add(number(notSelected) + " not selected");
        }
        return enumeration(leftOut);
    }

    /** Returns what was read other than wanted deliveries. */
    String others() {
        List<String> others = new ArrayList<>();
        addReasons(others);
        addOthers(others);
        return enumeration(others);
    }

    private void addReasons(List<String> texts) {
        unwanted.forEach((reason, count) -> texts.add(number(count) + ' ' + text(reason)));
    }

    private void addOthers(List<String> texts) {
        if (profiles > 0) {
            texts.add(counted(profiles, "agent profile", "agent profiles"));
        }
        if (orders > 0) {
            texts.add(counted(orders, "order of an operator", "orders of operators"));
        }
        if (timeOnly > 0) {
            texts.add(counted(timeOnly, "record that only moves time", "records that only move time"));
        }
    }

    private static String text(Relevance reason) {
        return switch (reason) {
            case OTHER_MEDIA -> "of another medium";
            case OTHER_TOPIC -> "of another topic";
            case NO_KEY -> "without a conversation id";
            case WANTED -> throw new IllegalArgumentException("Expected a reason, but the delivery is wanted");
        };
    }

    static String counted(long count, String one, String several) {
        return number(count) + ' ' + (count == 1 ? one : several);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String enumeration(List<String> texts) {
        int last = texts.size() - 1;
        return last < 1
                ? String.join("", texts)
                : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
    }
}
