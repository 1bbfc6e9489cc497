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
 * A relay between a process and others that can be cut. Each of its ports leads to a port of theirs.
 *
 * <p>A cut is silent, like that of a network: connections stay open and carry nothing, not even a close, and new ones are
 * accepted and carry nothing either. What was in transit arrives when the link is healed.
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

    /** A gate that lets bytes through or holds them. */
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

        /** Waits while the link is cut. Returns whether the link is still open. */
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

    /** Opens a port that leads to the target, and returns it. */
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

    /** Cuts the link. */
    void cut() {
        gate.set(true);
    }

    /** Heals the link. What waits is let through. */
    void heal() {
        gate.set(false);
    }

    /** Closes its ports and connections. */
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
                // close() ends the accept like this. Any other reason shows in the missing connection.
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

    /** Copies one direction of a connection. When it ends, it closes the other one too: Kafka's protocol needs both. */
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
            // A reset does not pass a cut either.
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
