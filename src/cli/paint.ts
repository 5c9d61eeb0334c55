import { styleText } from "node:util";
import type { Io } from "./io.ts";

/** What a piece of text means; how that looks is decided here alone. */
type Tone = "bad" | "good" | "warning" | "strong" | "faint";

const styles = {
  bad: "red",
  good: "green",
  warning: "yellow",
  strong: "bold",
  faint: "dim",
} as const;

/** Gives text its look on a terminal, and leaves it alone anywhere else. */
export type Paint = (tone: Tone, text: string) => string;

/** The painter for this output: plain off a terminal, under `NO_COLOR` and on a dumb terminal. */
export function createPaint(io: Io): Paint {
  const isPlain =
    !io.isTerminal || Boolean(io.environment["NO_COLOR"]) || io.environment["TERM"] === "dumb";
  if (isPlain) return (_tone, text) => text;
  return (tone, text) => styleText(styles[tone], text, { validateStream: false });
}
