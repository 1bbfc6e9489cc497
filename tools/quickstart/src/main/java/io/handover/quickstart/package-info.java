/**
 * The quick start. It runs a Kafka broker, the ingress bridge and streams-app in one JVM, and sends sample deliveries.
 *
 * <p>Standard output contains only the commands, so that another program can read them. All other texts go to standard
 * error.
 */
@NullMarked
package io.handover.quickstart;

import org.jspecify.annotations.NullMarked;
