/**
 * Code that the bridge and the streams-app share: main program, settings, log, health and metrics over HTTP, topic
 * creation, version.
 */
@NullMarked
package io.handover.service;

import org.jspecify.annotations.NullMarked;
