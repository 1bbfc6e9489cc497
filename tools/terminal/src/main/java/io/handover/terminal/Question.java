package io.handover.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * A question that only {@code yes} answers.
 *
 * @param in gives the answer
 * @param err receives the question
 */
public record Question(InputStream in, PrintStream err) {

    /**
     * Asks, and returns whether the answer is yes.
     *
     * @throws CommandException if there is nobody to answer
     */
    public boolean isAnsweredYes(String question) {
        err.print(question + " Only 'yes' goes on: ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
            if (answer == null) {
                err.println();
                throw new CommandException("Nobody answers. Add --yes to go on without a question.");
            }
            return answer.strip().equals("yes");
        } catch (IOException e) {
            throw new CommandException("The answer cannot be read: " + e.getMessage(), e);
        }
    }
}
