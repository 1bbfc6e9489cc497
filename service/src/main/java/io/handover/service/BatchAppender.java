package io.handover.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes log events to standard error in a thread of its own. It waits {@value #GATHER_MS} ms for further events, and
 * writes all of them at once: a write and a wake-up of the thread per event would cost more than the event itself.
 *
 * <p>If the reader of standard error stalls, log events are dropped. The logging threads never block.
 */
public final class BatchAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    /** More events than this are dropped while standard error stalls. */
    static final int CAPACITY = 8_192;

    private static final int GATHER_MS = 2;

    /** When the process ends, so much time is spent on writing the queued events. */
    private static final long MAX_FLUSH_MS = 3_000;

    private static final int MAX_WRITE_BYTES = 65_536;

    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread writer = new Thread(this::writeUntilStopped, "log");
    private @Nullable Encoder<ILoggingEvent> encoder;

    /** Sets the encoder. Called by logback with the encoder in {@code logback.xml}. */
    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    public void start() {
        if (encoder == null) {
            addError("The appender " + getName() + " has no encoder.");
            return;
        }
        super.start();
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        boolean unused = queue.offer(event);
    }

    private void writeUntilStopped() {
        List<ILoggingEvent> events = new ArrayList<>();
        while (isStarted() || !queue.isEmpty()) {
            try {
                events.add(queue.take());
                TimeUnit.MILLISECONDS.sleep(GATHER_MS);
            } catch (InterruptedException e) {
                // stop() has interrupted the wait
            }
            queue.drainTo(events);
            write(events);
            events.clear();
        }
    }

    private void write(List<ILoggingEvent> events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (ILoggingEvent event : events) {
            lines.writeBytes(encoded(event));
            if (lines.size() > MAX_WRITE_BYTES) {
                write(lines);
            }
        }
        write(lines);
    }

    private byte[] encoded(ILoggingEvent event) {
        try {
            return Objects.requireNonNull(encoder).encode(event);
        } catch (RuntimeException e) {
            // Without this, one event that cannot be written would end the log.
            addError("A log event cannot be written", e);
            return new byte[0];
        }
    }

    private static void write(ByteArrayOutputStream lines) {
        System.err.writeBytes(lines.toByteArray());
        System.err.flush();
        lines.reset();
    }

    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        writer.interrupt();
        try {
            writer.join(MAX_FLUSH_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (encoder != null) {
            encoder.stop();
        }
    }
}
