package io.handover.service;

import io.vertx.core.Future;
import java.net.BindException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits until an HTTP server listens. */
public final class ServerStart {

    private static final long WAIT_SECONDS = 30;

    private ServerStart() {}

    /**
     * Waits at most 30 seconds until the server listens. Must not be called on an event loop.
     *
     * @param key the setting of the port, for the error message
     * @throws StartException if the server cannot listen
     */
    public static <T> T awaitListening(Future<T> listening, String host, int port, String key) {
        try {
            return listening.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String sentence = cause instanceof BindException
                    ? "Port " + port + " on " + host + " is in use or not permitted. Choose another with " + key + "."
                    : "Cannot listen on " + host + ", port " + port + " (" + key + "): " + cause.getMessage();
            throw new StartException(sentence, cause);
        } catch (TimeoutException e) {
            throw new StartException(
                    "Port " + port + " on " + host + " (" + key + ") did not open within " + WAIT_SECONDS + " seconds.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while opening port " + port + " (" + key + ").", e);
        }
    }
}
