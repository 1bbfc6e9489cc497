package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures one app per number of conversations. All apps run at the same time, and each has its turn in each round. One
 * number after the other would also compare the hours of the machine.
 */
final class GrowthBenchmark {

    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;
    private double foreign;

    /**
     * How a run is made.
     *
     * @param warmUp how many events each app notes before the measurement begins
     * @param events how many events are noted in each round
     * @param idle for how long each app is measured without traffic
     * @param environment further settings of the apps, by environment variable
     */
    record Settings(int warmUp, int events, int rounds, Duration idle, long seed, Map<String, String> environment) {}

    /**
     * What was measured.
     *
     * @param foreign the largest share of a turn, see {@link Machine#foreign}
     */
    record Result(List<GrowthFigures> figures, double foreign) {}

    /** @param folder the folder for logs and data, which are deleted at the end */
    GrowthBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures an app for each number of conversations.
     *
     * @throws CommandException if a process ends, or the run was stopped
     */
    Result run(List<Integer> numbers) {
        List<RememberedConversations> all = new ArrayList<>();
        try {
            for (int number : numbers) {
                RememberedConversations one = RememberedConversations.start(settings, number, folder, err, stop);
                all.add(one);
                one.prepare();
            }
            all.forEach(one -> turn(all, one::idle));
            for (int round = 1; round <= settings.rounds(); round++) {
                for (RememberedConversations one : all) {
                    turn(all, one::note);
                }
            }
            all.forEach(RememberedConversations::stopApp);
            for (int round = 1; round <= settings.rounds(); round++) {
                for (RememberedConversations one : all) {
                    one.start();
                }
            }
            all.forEach(RememberedConversations::takeOver);
            return new Result(all.stream().map(RememberedConversations::figures).toList(), foreign);
        } finally {
            all.forEach(RememberedConversations::close);
        }
    }

    /** Measures one number, and what other work took meanwhile. */
    private void turn(List<RememberedConversations> all, Runnable measurement) {
        Machine machine = new Machine();
        double before = cpuSeconds(all);
        measurement.run();
        foreign = Math.max(foreign, machine.foreign(cpuSeconds(all) - before));
    }

    private static double cpuSeconds(List<RememberedConversations> all) {
        return MeasuredProcess.ownCpuSeconds()
                + all.stream().mapToDouble(RememberedConversations::cpuSeconds).sum();
    }
}
