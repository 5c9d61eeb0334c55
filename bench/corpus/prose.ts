import type { Random } from "./random.ts";

/** Sentences that hold nothing, by what a document is about. */
const sentences = {
  office: [
    "The meeting is moved to Thursday because the room is taken.",
    "Could you look over the second draft before Friday?",
    "I have attached the minutes and the open points.",
    "We agreed to ship in two steps and to review after each.",
    "The numbers for the third quarter look better than expected.",
    "Nobody from facilities has answered so far.",
    "Please keep the thread short, the list is long already.",
    "Let me know if the plan in section 3 works for you.",
  ],
  support: [
    "The page stays white after I click on save.",
    "I have tried two browsers and cleared the cache.",
    "It worked until the update last week.",
    "The box arrived with a dent, the content is fine.",
    "Is there a way to change the plan in the middle of the month?",
    "Thank you for getting back so quickly.",
    "The agent before you promised a call that never came.",
  ],
  engineering: [
    "The retry loop gives up after five attempts.",
    "We keep passwords in a vault and never in the repository.",
    "Rotate the token before the old one expires, then remove the variable.",
    "A secret should not be longer than the header that carries it.",
    "The password field must accept spaces and paste.",
    "An API key identifies the project, a token identifies the user.",
    "The cache is warmed by a job that runs at 03:15.",
    "Memory goes up by 12 MB per hour under load.",
    "The test is flaky when the clock jumps.",
  ],
  medical: [
    "Lungs clear, no oedema, blood pressure 128/82.",
    "Continue metformin 500 mg twice a day.",
    "Follow-up in six weeks, sooner if the pain returns.",
    "The wound heals well and the stitches come out on Monday.",
    "No known allergies. Patient lives with family.",
    "Temperature 37.2, pulse 76, oxygen 98 %.",
  ],
  legal: [
    "The parties agree that notices are given in writing.",
    "This clause survives the end of the agreement.",
    "Payment is due within thirty days of receipt.",
    "The tenant returns the keys on the last day of the term.",
    "Nothing herein limits liability that cannot be limited by law.",
    "The court finds that the motion came too late.",
  ],
} as const;

export type Topic = keyof typeof sentences;

/** A few sentences of a kind, on one line. */
export function prose(random: Random, topic: Topic, count: number): string {
  return random.shuffled(sentences[topic]).slice(0, count).join(" ");
}
