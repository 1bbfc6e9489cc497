package io.handover.ingress;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Captures the events of one logger until it is closed. */
final class LogCapture implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    LogCapture(Class<?> type) {
        logger = (Logger) LoggerFactory.getLogger(type);
        events.start();
        logger.addAppender(events);
    }

    /** Whether an event has a reason that contains the text. */
    boolean hasReason(String text) {
        return values("reason").stream().anyMatch(reason -> reason.contains(text));
    }

    /** The values of this key in all events. */
    List<String> values(String key) {
        return List.copyOf(events.list).stream()
                .map(ILoggingEvent::getKeyValuePairs)
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(pair -> pair.key.equals(key))
                .map(pair -> String.valueOf(pair.value))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
    }
}
