package io.handover.torture;

import io.handover.terminal.CommandException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A file with the records of the topics, one per line with offset, time, key and value. It helps to explain a finding. */
final class TopicDump implements AutoCloseable {

    private final Path file;
    private final BufferedWriter writer;

    private TopicDump(Path file, BufferedWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    static TopicDump to(Path file) {
        try {
            return new TopicDump(file, Files.newBufferedWriter(file));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    void add(ConsumerRecord<String, byte[]> read) {
        try {
            writer.write("%s-%d@%d\t%d\t%s\t%s%n"
                    .formatted(
                            read.topic(),
                            read.partition(),
                            read.offset(),
                            read.timestamp(),
                            read.key(),
                            new String(read.value(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static CommandException cannotWrite(Path file, IOException e) {
        return new CommandException("Cannot write the file " + file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }
}
