import { parseCount } from "./count.ts";
import { isNoteName, splitVerifierKey } from "./verifier-key.ts";

const firstLine = "chancery/v1 log-key";

/** What a root key says of a checkpoint key of a log (audit-and-operations 4.3). */
export interface KeyStatement {
  readonly origin: string;
  readonly event: "introduce" | "revoke";
  /** Introduced: the `seq` of the `key` record. Revoked: the last size that still counts. */
  readonly at: number;
  /** The verifier key meant. */
  readonly verifier: string;
}

/** The text of a statement, four lines, to be signed as a note. */
export function formatKeyStatement({ origin, event, at, verifier }: KeyStatement): string {
  return `${firstLine}\n${origin}\n${event} ${at}\n${verifier}\n`;
}

/** The statement in the text of a note; undefined for any other layout. */
export function parseKeyStatement(text: string): KeyStatement | undefined {
  const [first, origin = "", deed = "", verifier = "", last, ...rest] = text.split("\n");
  if (first !== firstLine || last !== "" || rest.length > 0) return undefined;
  if (!isNoteName(origin) || splitVerifierKey(verifier) === undefined) return undefined;
  const [event, count = "", ...more] = deed.split(" ");
  const at = parseCount(count);
  if ((event !== "introduce" && event !== "revoke") || at === undefined || more.length > 0) {
    return undefined;
  }
  return { origin, event, at, verifier };
}
