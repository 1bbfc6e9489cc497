package io.handover.torture;

import io.handover.terminal.StopSignal;
import io.handover.torture.FaultPlan.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Injects the faults of a plan one after the other. A fault begins only when the processes have recovered from the
 * previous fault.
 */
final class FaultInjector {

    private final Deployment deployment;
    private final ClusterHealth health;
    private final StopSignal stop;
    private final List<PastFault> past = new CopyOnWriteArrayList<>();
    private volatile boolean allOver;
    private volatile String current = "none yet";

    FaultInjector(Deployment deployment, ClusterHealth health, StopSignal stop) {
        this.deployment = deployment;
        this.health = health;
        this.stop = stop;
    }

    /**
     * A fault from which the processes have recovered.
     *
     * @param victim the names of the processes that were hit
     * @param recovery the time from the beginning of the fault to full recovery
     */
    record PastFault(Fault fault, String victim, Duration recovery) {}

    /** Describes the current fault or recovery. */
    String current() {
        return current;
    }

    /** Whether the last fault is over. The processes may not have recovered yet. */
    boolean areAllOver() {
        return allOver;
    }

    /** Returns the faults so far. */
    List<PastFault> past() {
        return List.copyOf(past);
    }

    /** Injects all faults and returns when the processes have recovered from the last one. */
    void run(FaultPlan plan) {
        long began = System.nanoTime();
        for (Fault fault : plan.faults()) {
            if (stop.await(fault.at().minus(Duration.ofNanos(System.nanoTime() - began)))) {
                return;
            }
            long since = System.nanoTime();
            String victim = inject(fault);
            allOver = fault.equals(plan.faults().get(plan.faults().size() - 1));
            current = "recovery from: " + fault.kind().title() + " (" + victim + ")";
            health.awaitAll(stop);
            past.add(new PastFault(fault, victim, Duration.ofNanos(System.nanoTime() - since)));
            current = "none";
        }
    }

    /** Injects a fault and waits until it is over. Returns the names of the processes that were hit. */
    private String inject(Fault fault) {
        return switch (fault.kind()) {
            case KILL_APP -> kill(fault, List.of(deployment.apps().get(fault.victim())));
            case KILL_BRIDGE -> kill(fault, List.of(deployment.bridge()));
            case KILL_BROKER ->
                kill(fault, List.of(deployment.broker(health.leaderOf(fault.topic(), fault.partition()))));
            case FREEZE_APP -> freeze(fault, deployment.apps().get(fault.victim()));
            case CUT_APP -> cut(fault, List.of(deployment.apps().get(fault.victim())));
            case CUT_APPS -> cut(fault, deployment.apps());
            case CUT_BRIDGE -> cut(fault, List.of(deployment.bridge()));
            case RESTART_ALL -> restartAll(fault);
        };
    }

    private String kill(Fault fault, List<ChildProcess> victims) {
        String names = begin(fault, victims);
        victims.forEach(ChildProcess::kill);
        stop.await(fault.kind().lasts());
        victims.forEach(ChildProcess::start);
        return names;
    }

    private String freeze(Fault fault, ChildProcess victim) {
        String names = begin(fault, List.of(victim));
        victim.freeze(fault.kind().lasts());
        stop.await(fault.kind().lasts());
        victim.thaw();
        return names;
    }

    private String cut(Fault fault, List<ChildProcess> victims) {
        String names = begin(fault, victims);
        victims.forEach(victim -> deployment.linkOf(victim).cut());
        stop.await(fault.kind().lasts());
        victims.forEach(victim -> deployment.linkOf(victim).heal());
        return names;
    }

    /** Kills all processes and starts them again. The brokers are started first, as an operator would do. */
    private String restartAll(Fault fault) {
        String names = begin(fault, deployment.all());
        deployment.all().forEach(ChildProcess::kill);
        stop.await(fault.kind().lasts());
        deployment.brokers().forEach(ChildProcess::start);
        health.awaitBrokers(stop);
        deployment.bridge().start();
        deployment.apps().forEach(ChildProcess::start);
        return names;
    }

    private String begin(Fault fault, List<ChildProcess> victims) {
        String names =
                String.join(", ", victims.stream().map(ChildProcess::name).toList());
        current = fault.kind().title() + " (" + names + ")";
        return names;
    }
}
