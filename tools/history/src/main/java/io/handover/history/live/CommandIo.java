package io.handover.history.live;

import io.handover.terminal.StopSignal;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Connects a command with the person who runs it.
 *
 * @param out receives the output
 * @param err receives messages and questions
 * @param in gives the answers to questions
 * @param stop the request to stop
 * @param environment the variables of the environment
 */
record CommandIo(PrintStream out, PrintStream err, InputStream in, StopSignal stop, Map<String, String> environment) {

    CommandIo {
        environment = Map.copyOf(environment);
    }

    void print(String text) {
        out.print(text);
        out.flush();
    }
}
