package io.handover.service;

/** The service of a process while it runs. {@link #close} stops it. */
public interface RunningService extends AutoCloseable {

    /**
     * Reports that the service is not ready, and goes on working until its load balancer can have noticed. It is called
     * after a signal and before {@link #close}, and returns when the service may close.
     */
    default void drain() throws InterruptedException {}

    @Override
    void close();
}
