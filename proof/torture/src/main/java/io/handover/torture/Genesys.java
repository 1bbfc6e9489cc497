package io.handover.torture;

import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeGenesys;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Genesys of a run. It knows all agents. Every trouble changes their names, so a bridge that asks again after a
 * restart gets others.
 */
final class Genesys implements AutoCloseable {

    /** The size of the pictures by which the bridge chooses one. */
    private static final String USUAL_SIZE = "x96";

    private final FakeGenesys fake = FakeGenesys.start(0);
    private final GenesysAnswers answers = new GenesysAnswers();
    private volatile GenesysTrouble trouble = GenesysTrouble.NONE;
    private final AtomicInteger changes = new AtomicInteger();

    Genesys() {
        fake.setOthers(this::agent);
        fake.observe(answers::add);
    }

    /** The settings with which a bridge can ask, by environment variable. */
    Map<String, String> access() {
        return Map.of(
                "HANDOVER_GENESYS_REGION", fake.baseUrl(),
                "HANDOVER_GENESYS_CLIENT_ID", FakeGenesys.CLIENT_ID,
                "HANDOVER_GENESYS_CLIENT_SECRET", FakeGenesys.CLIENT_SECRET);
    }

    void become(GenesysTrouble next) {
        changes.incrementAndGet();
        trouble = next;
        fake.become(next.behaviour());
    }

    GenesysAnswers answers() {
        return answers;
    }

    private Optional<FakeAgent> agent(String id) {
        if (trouble == GenesysTrouble.FORGETTING && id.hashCode() % 2 == 0) {
            answers.add(id, null, null);
            return Optional.empty();
        }
        String name = id + ' ' + changes.get();
        answers.add(id, name, picture(id, USUAL_SIZE));
        return Optional.of(new FakeAgent(id, name).withImages(resolution -> picture(id, resolution)));
    }

    private static String picture(String id, String resolution) {
        return "https://pictures.example/" + id + '/' + resolution + ".png";
    }

    @Override
    public void close() {
        fake.close();
    }
}
