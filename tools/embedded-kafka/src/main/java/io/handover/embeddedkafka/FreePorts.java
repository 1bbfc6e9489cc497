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

/** Finds and checks free ports of the loopback address. */
public final class FreePorts {

    /** The loopback address, reachable from this machine only. */
    public static final String HOST = "127.0.0.1";

    private FreePorts() {}

    /** Returns a port that was free a moment ago. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to open a port, but failed", e);
        }
    }

    /**
     * Checks that every port can be opened, before anything starts: a conflict is then one clear error.
     *
     * @param portByOption the port per option; 0 for any free port
     * @throws CommandException if one cannot be opened; it names the port and the option
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
            // As the servers do: a port whose connections are in TIME_WAIT counts as free.
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
