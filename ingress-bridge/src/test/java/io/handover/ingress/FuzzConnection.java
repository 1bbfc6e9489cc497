package io.handover.ingress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answers received over one connection.
 *
 * @param closedByBridge whether the bridge closed the connection after all answers; false if the connection was reset,
 *     or the bridge waited for more input
 */
record FuzzConnection(List<FuzzAnswer> answers, boolean closedByBridge) {

    private static final int QUIET_MS = 10;
    private static final int HANGS_MS = 10_000;
    private static final int BUFFER_BYTES = 8_192;

    /**
     * Sends the input and reads until the bridge closes the connection.
     *
     * @throws SocketTimeoutException if the bridge hangs
     */
    static FuzzConnection send(int port, FuzzInput input) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        boolean closedByBridge;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            boolean written = write(socket, input);
            closedByBridge = read(socket, received, input) && written;
        }
        return new FuzzConnection(
                FuzzAnswer.read(received.toString(StandardCharsets.ISO_8859_1), closedByBridge), closedByBridge);
    }

    private static boolean write(Socket socket, FuzzInput input) throws IOException {
        try {
            for (String write : input.writes()) {
                socket.getOutputStream().write(write.getBytes(StandardCharsets.ISO_8859_1));
            }
            return true;
        } catch (SocketException e) {
            // The bridge closed the connection.
            return false;
        }
    }

    private static boolean read(Socket socket, ByteArrayOutputStream received, FuzzInput input) throws IOException {
        try {
            socket.setSoTimeout(input.isSound() ? HANGS_MS : QUIET_MS);
            readToEnd(socket.getInputStream(), received);
            return true;
        } catch (SocketException e) {
            return false;
        } catch (SocketTimeoutException e) {
            if (input.isSound()) {
                throw e;
            }
            return hangUp(socket, received);
        }
    }

    /** Ends the input, because the bridge waits for more. */
    private static boolean hangUp(Socket socket, ByteArrayOutputStream received) throws IOException {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(HANGS_MS);
            readToEnd(socket.getInputStream(), received);
        } catch (SocketException e) {
            // Counts as the end.
        }
        return false;
    }

    private static void readToEnd(InputStream in, ByteArrayOutputStream received) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            received.write(buffer, 0, count);
        }
    }

    List<FuzzAnswer> finalAnswers() {
        return answers.stream().filter(FuzzAnswer::isFinal).toList();
    }

    /** The outcome per final answer; empty where the answer has no body. */
    List<String> outcomes() {
        return finalAnswers().stream().map(FuzzAnswer::outcome).toList();
    }
}
