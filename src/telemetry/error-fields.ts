/** An error as the log shows it. */
export interface ErrorFields {
  /** Stable code, else the error's class. */
  readonly code: string;
  /** Where it was thrown: frames only, outermost cause last. */
  readonly stack: readonly string[];
}

/** Causes followed; deeper ones say little, and a ring of causes must end. */
const causesMax = 4;
const framesMax = 20;
const codeForm = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** A line of a V8 stack trace: where, and nothing that was worked on. */
const frameForm = /^ {4}at .*(?::\d+:\d+\)?|<anonymous>\)?|\(native\))$/;

/**
 * Code and stack of an error and its causes, and nothing else: messages may quote what was being
 * worked on (JSON.parse does), so neither they nor further properties reach the log.
 */
export function toErrorFields(error: unknown): ErrorFields {
  const stack: string[] = [];
  let current = error;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (depth > 0) stack.push(`caused by ${codeOf(current)}`);
    stack.push(...framesOf(current));
    current = current.cause;
  }
  return { code: codeOf(error), stack };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "not_an_error";
  if ("code" in error && typeof error.code === "string" && codeForm.test(error.code)) {
    return error.code;
  }
  return codeForm.test(error.name) ? error.name : "Error";
}

function framesOf(error: Error): readonly string[] {
  const { message } = error;
  const stack = typeof error.stack === "string" ? error.stack : "";
  // The message comes first and may have lines that look like frames.
  const place = stack.indexOf(message);
  return stack
    .slice(place < 0 ? 0 : place + message.length)
    .split("\n")
    .filter((line) => frameForm.test(line))
    .slice(0, framesMax)
    .map((line) => line.trim());
}
