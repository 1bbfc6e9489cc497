package io.handover.torture;

import io.handover.terminal.StopSignal;
import io.handover.torture.FaultPlan.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Does to the processes what the plan says, one fault after the other, each when everything is well again. */
final class FaultInjector {

    private final Deployment deployment;
    private final ClusterHealth health;
    private final StopSignal stop;
    private final List<Done> done = new CopyOnWriteArrayList<>();
    private volatile boolean allInflicted;
    private volatile String current = "none yet";

    FaultInjector(Deployment deployment, ClusterHealth health, StopSignal stop) {
        this.deployment = deployment;
        this.health = health;
        this.stop = stop;
    }

    /**
     * A fault that was.
     *
     * @param victim who was hit
     * @param recovery how long after its beginning everything was well again
     */
    record Done(Fault fault, String victim, Duration recovery) {}

    /** What is the matter now. */
    String current() {
        return current;
    }

    /** Whether the last fault is over, if not yet recovered from. */
    boolean areInflicted() {
        return allInflicted;
    }

    /** What was the matter so far. */
    List<Done> done() {
        return List.copyOf(done);
    }

    /** Carries the plan out; returns when everything is well after the last fault. */
    void run(FaultPlan plan) {
        long began = System.nanoTime();
        for (Fault fault : plan.faults()) {
            if (stop.await(fault.at().minus(Duration.ofNanos(System.nanoTime() - began)))) {
                return;
            }
            long since = System.nanoTime();
            String victim = inflict(fault);
            allInflicted = fault.equals(plan.faults().get(plan.faults().size() - 1));
            current = "recovery from: " + fault.kind().title() + " (" + victim + ")";
            health.awaitAll(stop);
            done.add(new Done(fault, victim, Duration.ofNanos(System.nanoTime() - since)));
            current = "none";
        }
    }

    /** Returns who was hit, when the fault is over. */
    private String inflict(Fault fault) {
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

    /** The brokers come back first: an operator would not start the others without them. */
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
