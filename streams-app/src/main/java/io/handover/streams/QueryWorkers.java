package io.handover.streams;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that read state stores for queries, and write orders. An event loop must not wait for a disk. */
final class QueryWorkers implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int WAITING_MAX = 64;
    private static final long CLOSE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    QueryWorkers() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), work -> {
                    Thread thread = new Thread(work, "query-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs the work on a worker, and completes the future on the event loop of the context. */
    <T> Future<T> run(Context context, Callable<T> work) {
        Promise<T> promise = Promise.promise();
        try {
            threads.execute(() -> {
                Promise<T> worked = Promise.promise();
                try {
                    worked.complete(work.call());
                } catch (Exception | Error e) {
                    worked.fail(e);
                }
                context.runOnContext(
                        done -> worked.future().onSuccess(promise::complete).onFailure(promise::fail));
            });
        } catch (RejectedExecutionException e) {
            promise.fail(new RequestException(
                    RequestException.UNAVAILABLE, "Too many queries wait for an answer: try again in a second."));
        }
        return promise.future();
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            // A worker that still read a store while the store closes would only get an exception.
            boolean unused = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
