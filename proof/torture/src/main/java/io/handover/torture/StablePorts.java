package io.handover.torture;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Ports that are still free when a killed process restarts. They are below the ports of outgoing connections. A run
 * opens thousands of outgoing connections while a process is down.
 */
final class StablePorts {

    private static final int FIRST = 15_000;

    /** Outgoing connections begin at 32768 on Linux, and higher on other systems. */
    private static final int LAST = 32_000;

    /** The next port to try. The first one is random, because other runs may look for ports at the same time. */
    private int next = RandomGenerator.getDefault().nextInt(FIRST, LAST);

    /** Returns a free port that was not returned before. */
    int next() {
        for (int tried = 0; tried < LAST - FIRST; tried++) {
            int port = next;
            next = next == LAST ? FIRST : next + 1;
            if (isFree(port)) {
                return port;
            }
        }
        throw new CommandException("No port from " + FIRST + " to " + LAST + " is free.");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
