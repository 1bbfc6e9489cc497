package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class DashboardTest {

    /** {@code -Dregenerate} writes the file. */
    @Test
    void shouldBeGeneratedFromItsDescription() throws IOException {
        // Given
        if (System.getProperty("regenerate") != null) {
            Files.writeString(Dashboard.FILE, Dashboard.json());
        }
        // When
        String file = Files.readString(Dashboard.FILE);
        // Then
        assertThat(file)
                .as("after a change: mvn test -pl proof/torture -am -Dquick -Dtest=DashboardTest -Dregenerate"
                        + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(Dashboard.json());
    }
}
