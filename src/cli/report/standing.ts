import type { ReportSource } from "../../evidence/index.ts";
import type { Tone } from "./view.ts";

/** How far figures can be relied on, in words. */
export function standingOf({ status }: Pick<ReportSource, "status">): {
  readonly text: string;
  readonly tone: Tone;
} {
  switch (status) {
    case "good":
      return { text: "Verified.", tone: "good" };
    case "unverified":
      return { text: "Not verified: no key was given.", tone: "caution" };
    case "altered":
    case "incomplete":
    case "truncated":
    case "unreadable":
      return { text: `Does not verify: the log is ${status}.`, tone: "bad" };
  }
}
