package io.handover.embeddedkafka;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** Finds free ports of the loopback address, and checks whether given ports are free. */
public final class FreePorts {

    /** The loopback address. It can be reached from this machine only. */
    public static final String HOST = "127.0.0.1";

    private FreePorts() {}

    /** Returns a free port. Another program may take the port before the caller opens it. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to open a port, but failed", e);
        }
    }

    /**
     * Checks that every given port can be opened. It is called before any server starts, so that a port in use is
     * reported as one clear error.
     *
     * @param portByOption the port of each command-line option; 0 for any free port
     * @throws CommandException if a port cannot be opened or two options have the same port; the message names the port
     *     and the option
     */
    public static void requireFree(Map<String, Integer> portByOption) {
        Map<Integer, String> optionByPort = new HashMap<>();
        portByOption.forEach((option, port) -> {
            String other = port == 0 ? null : optionByPort.put(port, option);
            if (other != null) {
                throw new CommandException("Port " + port + " is given for both " + other + " and " + option
                        + ". Choose another port for one of them.");
            }
            requireFree(port, option);
        });
    }

    private static void requireFree(int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            // The servers set this option, too. With it, a port whose old connections are in TIME_WAIT counts as free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (BindException e) {
            throw new CommandException(
                    "Port " + port + " is in use. Stop the program that uses it, or choose another port with " + option
                            + ".",
                    e);
        } catch (IOException e) {
            throw new CommandException("Port " + port + " (" + option + ") cannot be opened: " + e.getMessage(), e);
        }
    }
}
