package io.handover.setup.dlq;

import java.util.List;

/** The place where dead letters wait. Each is read once; nothing is lost when the reader stops at any point. */
interface DeadLetters extends AutoCloseable {

    /** Returns some letters that were not read yet; nothing if there are no more. */
    List<DeadLetter> next();

    /** Removes a letter for good: the bridge has it, or a person does not want it. */
    void remove(DeadLetter letter);

    /** Leaves a letter where it is: the bridge does not want it. */
    void keep(DeadLetter letter);

    /** What becomes of a letter that is kept, for people. */
    String keptWhere();

    /** Gives back what was read and not removed. */
    @Override
    void close();
}
