package io.handover.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.genesys.GenesysUser.Image;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenesysUserTest {

    @ParameterizedTest
    @CsvSource({"1, 48", "96, 96", "71, 48", "72, 96", "73, 96", "112, 128", "9999, 480"})
    void shouldChooseTheNearestPictureAndTheLargerOfTwo(int size, int chosen) {
        // Given
        GenesysUser user = new GenesysUser("id", "Anna", List.of(image(480), image(48), image(128), image(96)));

        // When
        String uri = user.imageNearestTo(size);

        // Then
        assertThat(uri).isEqualTo(image(chosen).uri());
    }

    @Test
    void shouldIgnorePicturesThatAreNotUsable() {
        // Given
        GenesysUser user = new GenesysUser(
                "id",
                "Anna",
                List.of(new Image(96, "http://pictures.example/96"), new Image(97, "javascript:alert(1)"), image(400)));

        // When
        String uri = user.imageNearestTo(96);

        // Then
        assertThat(uri).isEqualTo(image(400).uri());
    }

    @Test
    void shouldReturnNullWithoutAPicture() {
        // Given
        GenesysUser user = new GenesysUser("id", "Anna", List.of());

        // When
        String uri = user.imageNearestTo(96);

        // Then
        assertThat(uri).isNull();
    }

    private static Image image(int size) {
        return new Image(size, "https://pictures.example/" + size);
    }
}
