package io.handover.ingress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Many connections that send one byte per second each, or nothing, and record the answers with their times. */
final class SlowSenders implements AutoCloseable {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int BUFFER_BYTES = 1_024;

    private final int port;
    private final Selector selector = Selector.open();
    private final List<Sender> senders = new CopyOnWriteArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private volatile boolean stopped;

    SlowSenders(int port) throws IOException {
        this.port = port;
        new Thread(this::run, "slow-senders").start();
    }

    /** One slow sender. Written by the thread of all senders, and read by the test after they are closed. */
    static final class Sender {

        private final SocketChannel channel;
        private final ByteBuffer slowly;
        private final long openedNanos = System.nanoTime();
        private final StringBuilder received = new StringBuilder();
        private long answeredNanos;
        private volatile boolean closed;

        private Sender(SocketChannel channel, String slowly) {
            this.channel = channel;
            this.slowly = ByteBuffer.wrap(slowly.getBytes(StandardCharsets.ISO_8859_1));
        }

        String received() {
            return received.toString();
        }

        long msUntilAnswer() {
            return TimeUnit.NANOSECONDS.toMillis(answeredNanos - openedNanos);
        }
    }

    /**
     * Opens one more sender.
     *
     * @param atOnce text that is sent at once
     * @param slowly text that is sent after it, one byte per second
     */
    Sender open(String atOnce, String slowly) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Sender sender = new Sender(channel, slowly);
        channel.write(ByteBuffer.wrap(atOnce.getBytes(StandardCharsets.ISO_8859_1)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, sender);
        selector.wakeup();
        senders.add(sender);
        return sender;
    }

    boolean areClosed() {
        return senders.stream().allMatch(sender -> sender.closed);
    }

    private void run() {
        long nextByte = System.nanoTime() + SECOND_NANOS;
        try (selector) {
            while (!stopped) {
                selector.select(
                        key -> read((Sender) key.attachment()),
                        Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextByte - System.nanoTime())));
                if (System.nanoTime() >= nextByte) {
                    nextByte += SECOND_NANOS;
                    senders.forEach(SlowSenders::writeByte);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            senders.forEach(SlowSenders::close);
        }
    }

    private void read(Sender sender) {
        try {
            int count = sender.channel.read(buffer.clear());
            if (count < 0) {
                close(sender);
            } else {
                if (sender.received.isEmpty()) {
                    sender.answeredNanos = System.nanoTime();
                }
                sender.received.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
        } catch (IOException e) {
            close(sender);
        }
    }

    private static void writeByte(Sender sender) {
        if (sender.closed || !sender.slowly.hasRemaining()) {
            return;
        }
        try {
            sender.channel.write(sender.slowly.limit(sender.slowly.position() + 1));
            sender.slowly.limit(sender.slowly.capacity());
        } catch (IOException e) {
            close(sender);
        }
    }

    private static void close(Sender sender) {
        if (sender.closed) {
            return;
        }
        sender.closed = true;
        try {
            sender.channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
    }
}
