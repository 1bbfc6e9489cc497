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

/** The ports of this machine's loopback address. */
public final class FreePorts {

    /** Reachable from this machine only. */
    public static final String HOST = "127.0.0.1";

    private FreePorts() {}

    /** A port that was free a moment ago. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to open a port, but failed", e);
        }
    }

    /**
     * Checks that every port can be opened, before anything is started: a process that finds its port taken when the
     * others already run would leave a long trail for a short reason.
     *
     * @param portByOption what was asked for, by the option to change it with; 0 stands for any free port
     * @throws CommandException naming port and option
     */
    public static void requireFree(Map<String, Integer> portByOption) {
        Map<Integer, String> optionByPort = new HashMap<>();
        portByOption.forEach((option, port) -> {
            String other = port == 0 ? null : optionByPort.put(port, option);
            if (other != null) {
                throw new CommandException("Port " + port + " is asked for by both " + other + " and " + option
                        + "; choose another one for either.");
            }
            requireFree(port, option);
        });
    }

    private static void requireFree(int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            // Like the servers themselves: a port whose last connections are only waiting to be forgotten is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (BindException e) {
            throw new CommandException(
                    "Port " + port + " is in use; stop the program that uses it, or choose another port with " + option
                            + ".",
                    e);
        } catch (IOException e) {
            throw new CommandException("Port " + port + " (" + option + ") cannot be opened: " + e.getMessage(), e);
        }
    }
}
