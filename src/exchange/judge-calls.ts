import { Fault } from "../base/index.ts";
import type { Decision, Finding, ToolCall } from "../domain/index.ts";
import { redactionFor, type ToolRedactions } from "../effects/index.ts";
import { detectorFor } from "./classify-texts.ts";
import type { ExchangeCore } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { andThen, firstOf } from "./eventually.ts";
import { judgeCall } from "./tool-judge.ts";

type NamedCall = Pick<ToolCall, "args" | "name">;

/** An answer that is held until all of it is judged: its end tells of all its calls at once. */
const held = Object.freeze({ hasLeft: false });

/**
 * Judges the calls of an answer that is held, in order and up to the first deny, which it gives. `note`
 * is told what is to be done to the arguments of each.
 */
export function judgeHeldCalls<Call extends NamedCall>(
  core: ExchangeCore,
  calls: readonly Call[],
  note: (call: Call, redactions: ToolRedactions) => void,
): Eventually<Decision | undefined> {
  return firstOf(calls, (call) =>
    andThen(judgeCall(core, call, held), ({ denied, redactions }) => {
      if (redactions !== undefined) note(call, redactions);
      return denied;
    }),
  );
}

/**
 * Checks that what is to be redacted in the arguments of a call was also found in the texts that these
 * arguments are on the wire: only there it can be edited.
 * @throws Fault redaction_impossible
 */
export function requireShown(
  core: ExchangeCore,
  { args }: Pick<NamedCall, "args">,
  {
    found,
    redactions: ofTool,
  }: {
    readonly redactions: ToolRedactions;
    /** Of these texts. */
    readonly found: readonly (readonly Finding[])[];
  },
): void {
  const shown = new Set(found.flat().map(({ dataClass }) => dataClass));
  const scope = { place: "response", direction: "response", redact: undefined, ofTool } as const;
  const { classifiedArgs } = core.knowledge;
  const inArgs = classifiedArgs?.get(args) ?? detectorFor(core, "tool_args").scan(args);
  for (const finding of inArgs) {
    if (shown.has(finding.dataClass) || redactionFor(finding, scope) === undefined) continue;
    throw new Fault("redaction_impossible", "expected values only where they can be masked");
  }
}
