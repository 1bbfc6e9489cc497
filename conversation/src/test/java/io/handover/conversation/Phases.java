package io.handover.conversation;

/** The shortest stories that reach each phase, within the first 50 seconds. */
final class Phases {

    private Phases() {}

    static Story reach(Phase phase) {
        Story story = new Story();
        return switch (phase) {
            case OPEN -> story.tell(Story.customerStart(0));
            case QUEUED -> story.tell(Story.acdStart("first-queue", 0));
            case SERVED -> story.tell(Story.userStart("first", 0));
            case HELD -> story.tell(Story.acw("first", 50.5));
            case ENDED -> story.tell(Story.customerEnd(50));
        };
    }
}
