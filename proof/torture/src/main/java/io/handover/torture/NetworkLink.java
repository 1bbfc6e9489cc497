package io.handover.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay between one process and others, for example the brokers. The link can be cut. Each port of the relay leads to
 * one port of the other processes.
 *
 * <p>A cut is silent, as in a network. Connections stay open and carry no bytes and no close. New connections are
 * accepted, and carry nothing either. Bytes in transit arrive when the link is healed.
 */
final class NetworkLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkLink.class);
    private static final int BACKLOG = 200;
    private static final int CHUNK = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final String name;
    private final Gate gate = new Gate();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    NetworkLink(String name) {
        this.name = name;
    }

    /** Lets bytes through, or holds them while the link is cut. */
    private static final class Gate {

        private boolean cut;
        private boolean gone;

        private synchronized void set(boolean nowCut) {
            cut = nowCut;
            notifyAll();
        }

        private synchronized void remove() {
            gone = true;
            notifyAll();
        }

        /** Waits while the link is cut. Returns false if the link was closed or the thread interrupted. */
        private synchronized boolean pass() {
            try {
                while (cut && !gone) {
                    wait();
                }
                return !gone;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Opens a port that leads to the target port, and returns the number of the opened port. */
    int to(int target) {
        try {
            ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            open.add(server);
            spawn("accept-" + target, () -> accept(server, target));
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to open a port, but failed", e);
        }
    }

    void cut() {
        gate.set(true);
    }

    /** Ends the cut. The delayed bytes are sent on. */
    void heal() {
        gate.set(false);
    }

    /** Closes the ports and connections of the link. */
    @Override
    public void close() {
        gate.remove();
        open.forEach(NetworkLink::closeQuietly);
    }

    private void accept(ServerSocket server, int target) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                spawn("connect-" + target, () -> connect(client, target));
            } catch (IOException e) {
                // close() causes this exception. Any other cause shows as a missing connection.
                LOG.atDebug().setCause(e).addKeyValue("link", name).log("Accept failed");
            }
        }
    }

    private void connect(Socket client, int target) {
        Socket server = new Socket();
        open.add(server);
        try {
            if (!gate.pass()) {
                return;
            }
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            spawn("answer-" + target, () -> pump(server, client));
            pump(client, server);
        } catch (IOException e) {
            closeBoth(client, server);
        }
    }

    /**
     * Copies the bytes of one direction of a connection. When one direction ends, both sockets are closed, because
     * Kafka's protocol needs both directions.
     */
    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = in.read(chunk);
            while (gate.pass() && length >= 0) {
                out.write(chunk, 0, length);
                length = in.read(chunk);
            }
        } catch (IOException e) {
            // A cut also holds back a reset: the sockets are closed after the cut.
            LOG.atTrace().setCause(e).addKeyValue("link", name).log("Connection failed");
            gate.pass();
        }
        closeBoth(from, to);
    }

    private void closeBoth(Socket one, Socket other) {
        open.remove(one);
        open.remove(other);
        closeQuietly(one);
        closeQuietly(other);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("Socket not closed");
        }
    }

    private void spawn(String task, Runnable runnable) {
        Thread thread = new Thread(runnable, "link-" + name + "-" + task);
        thread.setDaemon(true);
        thread.start();
    }
}
