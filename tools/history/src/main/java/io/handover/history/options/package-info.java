/** The options that commands share: sources, the connection to Kafka, and the settings for the decisions. */
@NullMarked
package io.handover.history.options;

import org.jspecify.annotations.NullMarked;
