/** The options that commands share: sources, Kafka and the settings that decide. */
@NullMarked
package io.handover.history.options;

import org.jspecify.annotations.NullMarked;
