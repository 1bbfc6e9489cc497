package io.handover.fakeaws;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of the default bus that fire on a schedule. Rates fire; cron expressions are accepted and never fire. */
final class Schedules {

    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]*) (minute|hour|day)(s?)\\)");
    private static final Pattern CRON = Pattern.compile("cron\\(\\S+( \\S+){5}\\)");

    private final Vertx vertx;
    private final Region region;
    private final Buses buses;
    private final Deliveries deliveries;
    private final Map<String, Long> timers = new HashMap<>();

    Schedules(Vertx vertx, Region region, Buses buses, Deliveries deliveries) {
        this.vertx = vertx;
        this.region = region;
        this.buses = buses;
        this.deliveries = deliveries;
    }

    void check(@Nullable String schedule) {
        if (schedule != null && !CRON.matcher(schedule).matches()) {
            period(schedule);
        }
    }

    /** Starts the schedule of a rule from now, in the place of its old one. */
    void start(Rule rule) {
        stop(rule.arn());
        String schedule = rule.schedule();
        if (schedule != null && !CRON.matcher(schedule).matches()) {
            long periodMs = region.account().behaviour().scaledMs(period(schedule));
            timers.put(rule.arn(), vertx.setPeriodic(periodMs, timer -> fire(rule)));
        }
    }

    private void stop(String ruleArn) {
        Long timer = timers.remove(ruleArn);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private void fire(Rule rule) {
        synchronized (region.account()) {
            if (buses.bus(Buses.DEFAULT).rules().get(rule.name()) != rule) {
                stop(rule.arn());
            } else if (rule.isEnabled()) {
                deliveries.invoke(
                        rule,
                        new JsonObject()
                                .put("version", "0")
                                .put("id", region.account().uuid())
                                .put("detail-type", "Scheduled Event")
                                .put("source", "aws.events")
                                .put("account", region.account().id())
                                .put(
                                        "time",
                                        Instant.now()
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString())
                                .put("region", region.name())
                                .put("resources", new JsonArray().add(rule.arn()))
                                .put("detail", new JsonObject()));
            }
        }
    }

    /** Returns the period of a rate. One has the singular, more have the plural. */
    private static Duration period(String schedule) {
        Matcher rate = RATE.matcher(schedule);
        if (!rate.matches() || rate.group(1).equals("1") != rate.group(3).isEmpty()) {
            throw AwsError.validation("Parameter ScheduleExpression is not valid.");
        }
        long count = Long.parseLong(rate.group(1));
        return switch (rate.group(2)) {
            case "minute" -> Duration.ofMinutes(count);
            case "hour" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
