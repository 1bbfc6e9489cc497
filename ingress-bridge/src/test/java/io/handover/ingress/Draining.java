package io.handover.ingress;

import static org.awaitility.Awaitility.await;

/** Drains a bridge in a thread of its own, until it is closed. The bridge needs the default drain time. */
final class Draining implements AutoCloseable {

    private final IngressBridge bridge;
    private final Thread thread;

    Draining(IngressBridge bridge) {
        this.bridge = bridge;
        this.thread = new Thread(this::drain, "draining");
    }

    /** Returns when the bridge drains. */
    void start() {
        thread.start();
        await().until(() -> !bridge.ready());
    }

    private void drain() {
        try {
            bridge.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
