package io.handover.conversation;

import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The customer is shown the name and picture of the serving agent as soon as they are known. */
class AgentProfileTest {

    private static final String PICTURE = "https://pictures.example/anna.png";

    private final Story story = new Story(Policies.PROFILES);

    @Nested
    @DisplayName("When an agent is announced")
    class Announcement {

        @Test
        void shouldAnnounceAnUnknownAgentByIdAndAskForTheProfile() {
            // When
            story.receive(userStart("anna", 10));
            // Then
            assertThat(story.shown()).containsExactly("anna null");
            assertThat(story.lookups()).containsExactly("anna @10");
        }

        @Test
        void shouldAnnounceAKnownAgentByNameAndAskForNothing() {
            // Given
            story.know("anna", "Anna", 0);
            // When
            story.receive(userStart("anna", 3_599));
            // Then
            assertThat(story.shown()).containsExactly("anna Anna");
            assertThat(story.lookups()).isEmpty();
        }

        @Test
        void shouldAnnounceAnAgentByTheOldNameAndAskAgainAfterTheRefreshTime() {
            // Given
            story.know("anna", "Anna", 0);
            // When
            story.receive(userStart("anna", 3_600));
            // Then
            assertThat(story.shown()).containsExactly("anna Anna");
            assertThat(story.lookups()).containsExactly("anna @3600");
        }

        @Test
        void shouldNotAskAgainForAnAgentWhomTheDirectoryDidNotKnowRecently() {
            // Given
            story.know("anna", null, 0);
            // When
            story.receive(userStart("anna", 10));
            // Then
            assertThat(story.shown()).containsExactly("anna null");
            assertThat(story.lookups()).isEmpty();
        }

        @Test
        void shouldAskForNothingAndUseNothingWithoutProfiles() {
            // Given
            story.under(TransferPolicy.DEFAULT).know("anna", "Anna", 0);
            // When
            story.receive(userStart("anna", 10));
            // Then
            assertThat(story.shown()).containsExactly("anna null");
            assertThat(story.lookups()).isEmpty();
        }

        @Test
        void shouldGiveTheAnnouncementTheSameIdWhateverIsKnown() {
            // Given
            Story named = new Story(Policies.PROFILES).know("anna", "Anna", 0);
            // When
            story.receive(userStart("anna", 10));
            named.receive(userStart("anna", 10));
            // Then
            assertThat(named.rawCommands().get(0).id())
                    .isEqualTo(story.rawCommands().get(0).id());
        }
    }

    @Nested
    @DisplayName("When a profile arrives")
    class Arrival {

        @Test
        void shouldShowTheNameAndPictureOfTheAnnouncedAgent() {
            // Given
            story.receive(userStart("anna", 10));
            // When
            story.learnAt(11, "anna", "Anna", PICTURE);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.PROFILE_ANNOUNCED);
            assertThat(story.shown()).containsExactly("anna null", "anna Anna " + PICTURE);
            HandoverCommand announced = story.rawCommands().get(0);
            HandoverCommand named = story.rawCommands().get(1);
            assertThat(named.reason()).isEqualTo("agent-profile");
            assertThat(named.occurredAt()).isEqualTo(announced.occurredAt());
            assertThat(named.evidence()).isEqualTo(announced.evidence());
            assertThat(named.decidedAt()).isEqualTo(Instant.ofEpochMilli(Story.millis(11)));
            assertThat(named.id()).isNotEqualTo(announced.id());
        }

        @Test
        void shouldSendNothingForTheSameProfileAgain() {
            // Given
            story.receive(userStart("anna", 10)).learnAt(11, "anna", "Anna", PICTURE);
            // When
            story.learnAt(12, "anna", "Anna", PICTURE);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.PROFILE_KEPT);
            assertThat(story.shown()).hasSize(2);
        }

        @Test
        void shouldKeepOnlyTheIdOfTheAgentAfterTheEnd() {
            // Given
            story.know("anna", "Anna", 0).receive(userStart("anna", 10));
            // When
            story.receive(customerEnd(60));
            // Then
            assertThat(story.state().cycle().announced()).isEqualTo(new Announced("anna", null, null));
        }

        @Test
        void shouldSendNothingForAProfileThatWasKnownAtTheAnnouncement() {
            // Given
            story.know("anna", "Anna", 0).receive(userStart("anna", 3_600));
            // When
            story.learnAt(3_601, "anna", "Anna", null);
            // Then
            assertThat(story.shown()).containsExactly("anna Anna");
        }

        @Test
        void shouldShowANewPictureAndANewName() {
            // Given
            story.receive(userStart("anna", 10)).learnAt(11, "anna", "Anna", null);
            // When
            story.learnAt(20, "anna", "Anna", PICTURE).learnAt(30, "anna", "Anna B.", PICTURE);
            // Then
            assertThat(story.shown())
                    .containsExactly("anna null", "anna Anna", "anna Anna " + PICTURE, "anna Anna B. " + PICTURE);
        }

        @Test
        void shouldGiveEachChangeAnIdOfItsOwnAlsoIfAProfileChangesBack() {
            // Given
            story.receive(userStart("anna", 10));
            // When
            story.learnAt(11, "anna", "Anna", null)
                    .learnAt(12, "anna", "Anna B.", null)
                    .learnAt(13, "anna", "Anna", null);
            // Then
            assertThat(story.rawCommands()).hasSize(4);
            assertThat(story.rawCommands()).extracting(HandoverCommand::id).doesNotHaveDuplicates();
        }

        @Test
        void shouldTakeNoNameBackIfTheDirectoryNoLongerKnowsTheAgent() {
            // Given
            story.receive(userStart("anna", 10)).learnAt(11, "anna", "Anna", PICTURE);
            // When
            story.learnAt(20, "anna", null, null);
            // Then
            assertThat(story.shown()).hasSize(2);
        }

        @Test
        void shouldSendNothingForAnAgentWhomTheDirectoryDoesNotKnow() {
            // Given
            story.receive(userStart("anna", 10));
            // When
            story.learnAt(11, "anna", null, null);
            // Then
            assertThat(story.shown()).containsExactly("anna null");
        }

        @Test
        void shouldSendNothingBeforeAnyEventOfTheConversation() {
            // When
            story.learnAt(11, "anna", "Anna", null);
            // Then
            assertThat(story.shown()).isEmpty();
            assertThat(story.state().isNew()).isTrue();
        }

        @Test
        void shouldSendNothingAfterTheEndOfTheHandover() {
            // Given
            story.receive(userStart("anna", 10)).receive(customerEnd(20));
            // When
            story.learnAt(21, "anna", "Anna", null);
            // Then
            assertThat(story.shown()).containsExactly("anna null");
        }

        @Test
        void shouldShowTheNameWhileTheEndIsHeld() {
            // Given
            story.receive(userStart("anna", 10)).receive(userEnd("anna", 20, "CLIENT"));
            // When
            story.learnAt(21, "anna", "Anna", null).passUntil(200);
            // Then
            assertThat(story.commands())
                    .containsExactly("agent-updated anna #1 @10", "agent-updated anna #1 @21", "agent-left #1 @140");
        }

        @Test
        void shouldShowTheNameOfTheSameAgentInTheNextHandover() {
            // Given
            story.receive(userStart("anna", 10)).receive(customerEnd(20));
            // When
            story.receive(userStart("second", "anna", 30, true)).learnAt(31, "anna", "Anna", null);
            // Then
            assertThat(story.commands())
                    .containsExactly(
                            "agent-updated anna #1 @10",
                            "customer-end #1 @20",
                            "agent-updated anna #2 @30",
                            "agent-updated anna #2 @31");
        }

        @Test
        void shouldSendNothingForAnAgentOfAStateThatDoesNotHaveTheEvidence() {
            // Given
            ConversationState known = story.receive(userStart("anna", 10)).state();
            ConversationState old = known.with(known.cycle().withAnnounced(new Announced("anna", null, null)));
            // When
            Transition learned = new ConversationStateMachine(Policies.PROFILES, KnownAgent.View.NONE)
                    .learn(
                            Story.CONVERSATION,
                            old,
                            new io.handover.schema.AgentProfile(Story.CONVERSATION, "anna", "Anna", null),
                            Story.millis(11));
            // Then
            assertThat(learned).isEqualTo(Transition.silent(old, Outcome.PROFILE_KEPT));
        }
    }

    /** After each transfer, the right face is shown last. */
    @Nested
    @DisplayName("When the chat is transferred")
    class Transfers {

        @Test
        void shouldShowTheNextAgentAfterATransferToAQueue() {
            // Given
            story.receive(userStart("anna", 0)).learnAt(1, "anna", "Anna", null);
            // When
            story.receive(userEnd("anna", 60, "TRANSFER"))
                    .receive(acdStart("queue", 61))
                    .receive(acw("anna", 65))
                    .receive(userStart("ben", 90))
                    .learnAt(91, "ben", "Ben", null);
            // Then
            assertThat(story.shown()).containsExactly("anna null", "anna Anna", "ben null", "ben Ben");
        }

        @Test
        void shouldShowTheNextAgentIfTheirStartArrivesBeforeTheTransfer() {
            // Given
            story.receive(userStart("anna", 0)).learnAt(1, "anna", "Anna", null);
            // When
            story.receive(userStart("ben", 60))
                    .receiveAt(61, userEnd("anna", 59, "TRANSFER"))
                    .learnAt(62, "anna", "Anna B.", null)
                    .learnAt(63, "ben", "Ben", null);
            // Then
            assertThat(story.shown()).containsExactly("anna null", "anna Anna", "ben null", "ben Ben");
        }

        @Test
        void shouldShowTheFirstAgentAgainAfterTheSecondDeclined() {
            // Given
            story.know("anna", "Anna", 0).receive(userStart("anna", 0));
            // When
            story.receive(userStart("ben", 30))
                    .receive(userEnd("ben", 40, "NO_ANSWER_TRANSFER"))
                    .learnAt(41, "ben", "Ben", null);
            // Then
            assertThat(story.shown()).containsExactly("anna Anna", "ben null", "anna Anna");
        }

        @Test
        void shouldShowTheAgentWhoTookOver() {
            // Given
            story.know("ben", "Ben", 0).receive(userStart("anna", 0));
            // When
            story.receive(userStart("ben", 30))
                    .receive(userEnd("anna", 31, "TAKEOVER"))
                    .learnAt(32, "anna", "Anna", null);
            // Then
            assertThat(story.shown()).containsExactly("anna null", "ben Ben");
        }

        @Test
        void shouldShowTheAgentToWhomTheChatCameBack() {
            // Given
            story.receive(userStart("anna", 0)).learnAt(1, "anna", "Anna", null);
            story.know("anna", "Anna", 1);
            // When
            story.receive(userEnd("anna", 60, "TRANSFER"))
                    .receive(userStart("ben", 70))
                    .learnAt(71, "ben", "Ben", null)
                    .receive(userEnd("ben", 90, "TRANSFER"))
                    .receive(userStart("again", "anna", 100, true));
            // Then
            assertThat(story.shown()).containsExactly("anna null", "anna Anna", "ben null", "ben Ben", "anna Anna");
            assertThat(((AgentUpdated) story.rawCommands().get(4)).reason()).isEqualTo("agent-started");
        }
    }
}
