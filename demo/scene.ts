import type { Stage } from "./stage.ts";

/** What was seen in one scene. Texts are shortened for display only. */
export interface Outcome {
  readonly sent: string;
  /** The bodies that reached a model server, each with that server's name. */
  readonly received: readonly { readonly server: string; readonly text: string }[];
  readonly got: string;
  /** HTTP status the client saw; 0: the connection broke. */
  readonly status: number;
  readonly verdict: string;
  readonly rule: string;
  readonly decision: string;
}

/** One thing Chancery promises, played out. */
export interface Scene {
  readonly title: string;
  /** What the reader should see, in one sentence. */
  readonly claim: string;
  play(stage: Stage): Promise<Outcome>;
  /** What differs from the claim; empty when it held. */
  differences(outcome: Outcome): readonly string[];
}
