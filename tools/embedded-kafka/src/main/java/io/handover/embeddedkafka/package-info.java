/** Kafka nodes inside this JVM, for trials and tests. */
@NullMarked
package io.handover.embeddedkafka;

import org.jspecify.annotations.NullMarked;
