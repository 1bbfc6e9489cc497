package io.handover.torture;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * FreePorts that a process finds free again after it was killed: below those that the kernel gives to outgoing
 * connections, of which a run opens thousands while the process is down.
 */
final class StablePorts {

    private static final int FIRST = 15_000;

    /** Linux' outgoing connections begin at 32768, other systems' later. */
    private static final int LAST = 32_000;

    /** Not always the same ones, as other runs look for some too. */
    private int next = RandomGenerator.getDefault().nextInt(FIRST, LAST);

    /** A port that is free, and was not given before. */
    int next() {
        for (int tried = 0; tried < LAST - FIRST; tried++) {
            int port = next;
            next = next == LAST ? FIRST : next + 1;
            if (isFree(port)) {
                return port;
            }
        }
        throw new CommandException("Every port from " + FIRST + " to " + LAST + " is in use.");
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
