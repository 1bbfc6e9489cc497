package io.handover.setup.plan;

import java.util.Map;
import java.util.Optional;

/**
 * One thing of the set-up: how it should be, how it is, and the calls that create, change and delete it.
 *
 * <p>The fields are texts for people that are also compared. No field contains a secret.
 */
public interface Resource {

    /** The kind of the thing, such as {@code event bus}. */
    String kind();

    /** The name of the thing in AWS or Genesys. */
    String name();

    /** Reads how the thing is. */
    Found find();

    /** How the thing should be. What others decide is a placeholder until they exist. Call it after {@link #find}. */
    Map<String, String> wanted();

    /** Creates the thing. */
    void create();

    /**
     * Changes the thing so that it is as wanted.
     *
     * @param found how it is
     */
    void change(Found found);

    /** Deletes the thing. It does nothing if the thing does not exist. */
    void delete();

    /** Whether the set-up works with a thing of this name that somebody else has made. */
    default boolean worksIfForeign() {
        return false;
    }

    /**
     * Why the thing cannot be created or changed so that it is as wanted; empty if it can.
     *
     * @param found how it is
     */
    default Optional<String> impossible(Found found) {
        return Optional.empty();
    }

    /** The option of {@code destroy} without which the thing stays, because it holds events. */
    default Optional<String> deletedOnlyWith() {
        return Optional.empty();
    }

    /** Whether the thing cannot go while the archive stays. */
    default boolean holdsArchive() {
        return false;
    }

    /** The kind and the name. */
    default String label() {
        return kind() + " " + name();
    }
}
