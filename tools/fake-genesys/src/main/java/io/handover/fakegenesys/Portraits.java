package io.handover.fakegenesys;

import io.handover.fakegenesys.Behaviour.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The agents of the quickstart's samples and their pictures. */
final class Portraits {

    private static final String PATH = "/pictures/";
    private static final List<String> NAMES = List.of("alla", "bello", "cleo");

    private Portraits() {}

    /** The ids are those of the samples; the third agent is for whoever wants another one. */
    static List<FakeAgent> agents(String baseUrl) {
        return List.of(
                agent("a11a0000-0000-4000-8000-000000000001", "Alla Lindqvist", baseUrl + PATH + "alla.svg"),
                agent("be110000-0000-4000-8000-000000000002", "Bello Okafor", baseUrl + PATH + "bello.svg"),
                agent("c1e00000-0000-4000-8000-000000000003", "Cleo Tanaka", baseUrl + PATH + "cleo.svg"));
    }

    private static FakeAgent agent(String id, String name, String picture) {
        return new FakeAgent(id, name).withImages(resolution -> picture);
    }

    static Answer picture(String path) {
        return NAMES.stream()
                .filter(name -> path.equals(PATH + name + ".svg"))
                .map(name -> new Answer(200, Map.of("Content-Type", "image/svg+xml"), read(name + ".svg")))
                .findFirst()
                .orElseGet(() -> Errors.of(404, "not.found", "Nothing is here"));
    }

    private static String read(String file) {
        try (InputStream picture = Portraits.class.getResourceAsStream(file)) {
            if (picture == null) {
                throw new IllegalStateException("Expected the picture " + file + ", but it is missing");
            }
            return new String(picture.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
