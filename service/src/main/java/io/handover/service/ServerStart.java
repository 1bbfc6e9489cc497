package io.handover.service;

import io.vertx.core.Future;
import java.net.BindException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting until a server listens. */
public final class ServerStart {

    private static final long WAIT_SECONDS = 30;

    private ServerStart() {}

    /**
     * Waits for a server that is starting to listen; never to be called on an event loop.
     *
     * @param key the setting to change if the port is taken
     * @throws StartException if it cannot listen
     */
    public static <T> T awaitListening(Future<T> listening, String host, int port, String key) {
        try {
            return listening.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String sentence = cause instanceof BindException
                    ? "Port " + port + " on " + host + " is taken or not allowed: choose another with " + key + "."
                    : "Cannot listen on " + host + ", port " + port + " (" + key + "): " + cause.getMessage();
            throw new StartException(sentence, cause);
        } catch (TimeoutException e) {
            throw new StartException("Port " + port + " on " + host + " (" + key + ") did not open in time.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while port " + port + " (" + key + ") was opening.", e);
        }
    }
}
