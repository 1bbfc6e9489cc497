package io.handover.conversation;

/** The shortest story that reaches each phase, within the first 51 seconds. */
final class Phases {

    private Phases() {}

    static Story reach(Phase phase) {
        Story story = new Story();
        return switch (phase) {
            case OPEN -> story.receive(Story.customerStart(0));
            case IN_FLOW -> story.receive(Story.flowStart("first-flow", 0, true));
            case QUEUED -> story.receive(Story.acdStart("first-queue", 0));
            case SERVED -> story.receive(Story.userStart("first", 0));
            case HELD -> story.receive(Story.acw("first", 50.5));
            case ENDED -> story.receive(Story.customerEnd(50));
        };
    }
}
