package io.handover.benchmark;

import io.handover.terminal.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Posts deliveries over a number of connections, in one thread. A connection sends its next delivery when it has the
 * answer to the last one. Every answer must be 200.
 *
 * <p>It reads no more of HTTP than it needs, so that the endpoint has as much of the processors as possible.
 */
final class HttpLoad {

    private static final String OK = "HTTP/1.1 200 ";
    private static final String HEAD_END = "\r\n\r\n";
    private static final String CONTENT_LENGTH = "content-length: ";
    private static final int MOST_ANSWER_BYTES = 4_096;
    private static final int FIRST_ANSWERS = 65_536;
    private static final long LONGEST_WAIT_MS = 10_000;

    private final InetSocketAddress address;
    private final List<byte[]> requests;
    private final boolean keepsAlive;

    private long[] nanos = new long[FIRST_ANSWERS];
    private int answers;
    private int open;
    private int started;
    private long deadline;

    /**
     * What the load has measured.
     *
     * @param answers the number of answers
     * @param seconds from the first delivery until the last answer
     * @param p50Ms the median time from a delivery, or from the start of its connection, until its answer
     */
    record Result(int answers, double seconds, double p50Ms, double p99Ms) {}

    /**
     * Creates a load.
     *
     * @param requests the requests, each with its head; they are repeated
     * @param keepsAlive false to open a connection per request; then the requests must say {@code Connection: close}
     */
    HttpLoad(InetSocketAddress address, List<byte[]> requests, boolean keepsAlive) {
        this.address = address;
        this.requests = requests;
        this.keepsAlive = keepsAlive;
    }

    /**
     * Posts for this long, and waits for the last answers.
     *
     * @throws CommandException if an answer is not 200, or is missing
     */
    Result run(int connections, Duration duration) {
        answers = 0;
        open = 0;
        long start = System.nanoTime();
        deadline = start + duration.toNanos();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                new Connection().open(selector);
            }
            try {
                while (open > 0) {
                    proceed(selector);
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        } catch (IOException e) {
            throw new CommandException("Cannot post to " + address + ": " + e.getMessage(), e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] sorted = LongStream.of(nanos).limit(answers).sorted().toArray();
        return new Result(answers, seconds, percentileMs(sorted, 50), percentileMs(sorted, 99));
    }

    private void proceed(Selector selector) throws IOException {
        if (selector.select(LONGEST_WAIT_MS) == 0) {
            throw new CommandException("No answer of " + address + " within " + LONGEST_WAIT_MS / 1_000 + " seconds.");
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).proceed(key);
        }
        selector.selectedKeys().clear();
    }

    private static double percentileMs(long[] sorted, int percentile) {
        return sorted.length == 0 ? 0 : sorted[(int) ((long) (sorted.length - 1) * percentile / 100)] / 1e6;
    }

    /** One connection, or the connections that follow each other. */
    private final class Connection {

        private final ByteBuffer answer = ByteBuffer.allocate(MOST_ANSWER_BYTES);
        private ByteBuffer request = ByteBuffer.allocate(0);
        private long sentAt;

        private void open(Selector selector) throws IOException {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            next();
            channel.configureBlocking(false);
            boolean connected = channel.connect(address);
            channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
            open++;
        }

        private void next() {
            request = ByteBuffer.wrap(requests.get(started++ % requests.size()));
            sentAt = System.nanoTime();
            answer.clear();
        }

        private void proceed(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (key.isConnectable()) {
                channel.finishConnect();
                write(key, channel);
            } else if (key.isWritable()) {
                write(key, channel);
            } else {
                read(key, channel);
            }
        }

        private void write(SelectionKey key, SocketChannel channel) throws IOException {
            channel.write(request);
            int interest = request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
        }

        private void read(SelectionKey key, SocketChannel channel) throws IOException {
            boolean ended = channel.read(answer) < 0;
            boolean complete = isComplete();
            if (ended && !complete) {
                throw new EOFException("closed before the end of an answer");
            }
            if (!complete || !(ended || keepsAlive)) {
                return;
            }
            long now = System.nanoTime();
            measured(now - sentAt);
            if (now < deadline && keepsAlive) {
                next();
                write(key, channel);
                return;
            }
            channel.close();
            open--;
            if (now < deadline) {
                open(key.selector());
            }
        }

        private void measured(long duration) {
            if (answers == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * answers);
            }
            nanos[answers++] = duration;
        }

        private boolean isComplete() {
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf(HEAD_END);
            if (head < 0) {
                return false;
            }
            if (!text.startsWith(OK)) {
                throw new CommandException("An answer of " + address + " is not 200: " + text);
            }
            // Both endpoints are of Vert.x, which writes the names of headers in lower case.
            int length = text.indexOf(CONTENT_LENGTH) + CONTENT_LENGTH.length();
            int bytes = Integer.parseInt(text, length, text.indexOf('\r', length), 10);
            return text.length() >= head + HEAD_END.length() + bytes;
        }
    }
}
