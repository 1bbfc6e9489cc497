package io.handover.genesys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;

/** A TCP server that passes connections on: as an HTTP proxy, or as an end of TLS in front of another server. */
final class Relay implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** The heads of the requests to the proxy. */
    final List<String> heads = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocket server;

    private Relay(ServerSocketFactory factory) throws IOException {
        server = factory.createServerSocket(0, 50, LOOPBACK);
    }

    /** Passes on what it receives, which is decrypted if the factory makes TLS sockets. */
    static Relay to(int port, ServerSocketFactory factory) throws IOException {
        Relay relay = new Relay(factory);
        relay.serve(client -> relay.join(client, new Socket(LOOPBACK, port)));
        return relay;
    }

    /** A proxy that answers 407 unless the head contains the text. */
    static Relay proxy(String required) throws IOException {
        Relay relay = new Relay(ServerSocketFactory.getDefault());
        relay.serve(client -> relay.proxy(client, required));
        return relay;
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private interface Connection {
        void serve(Socket client) throws IOException;
    }

    private void serve(Connection connection) {
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    threads.execute(() -> {
                        try {
                            connection.serve(client);
                        } catch (IOException e) {
                            close(client);
                        }
                    });
                } catch (IOException e) {
                    // closed
                }
            }
        });
    }

    private void proxy(Socket client, String required) throws IOException {
        String head = head(client.getInputStream());
        heads.add(head);
        String[] words = head.split(" ", 3);
        if (!head.contains(required)) {
            write(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            close(client);
        } else if (words[0].equals("CONNECT")) {
            Socket target = new Socket(LOOPBACK, Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1)));
            write(client, "HTTP/1.1 200 OK\r\n\r\n");
            join(client, target);
        } else {
            write(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
            close(client);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The client hung up.");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void join(Socket client, Socket target) {
        threads.execute(() -> copy(client, target));
        threads.execute(() -> copy(target, client));
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
        } catch (IOException e) {
            // one of them hung up
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }
}
