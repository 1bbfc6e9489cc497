/** What both processes share: settings, health and metrics over HTTP, the log, the life of a main, topic creation. */
@NullMarked
package io.handover.service;

import org.jspecify.annotations.NullMarked;
