package io.handover.doctor;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The reasons that the product logs until this is closed. */
final class LoggedReasons implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.handover");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    LoggedReasons() {
        // Threads of the product log while the test reads.
        events.list = new CopyOnWriteArrayList<>();
        events.start();
        logger.addAppender(events);
    }

    List<String> reasons() {
        return List.copyOf(events.list).stream()
                .map(ILoggingEvent::getKeyValuePairs)
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(pair -> pair.key.equals("reason"))
                .map(pair -> String.valueOf(pair.value))
                .toList();
    }

    void clear() {
        events.list.clear();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
    }
}
