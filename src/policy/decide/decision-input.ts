import type { Static } from "typebox";
import type { Action, DecisionInput, Point } from "../../domain/index.ts";
import type { SchemaNode } from "../documents/schema-node.ts";
import { findMisfits } from "../documents/shape.ts";
import { inputSchema } from "./input-schema.ts";

/** What is wrong with one part of an input. */
export interface InputProblem {
  /** The part, such as `data.findings[0].in`; empty for the whole. */
  readonly at: string;
  readonly message: string;
  /** The next step to take, as a sentence. */
  readonly hint: string;
}

/** An input as decisions take it, or the reasons why there is none. */
export type ReadInput =
  | { readonly input: DecisionInput; readonly problems: readonly [] }
  | { readonly input: undefined; readonly problems: readonly InputProblem[] };

/** Members within members; beyond it a value is no description of an exchange. */
const inputDepthMax = 64;

/**
 * Reads the input object of policy-model 12.1: unknown members, words and types are problems, and
 * what may be left out is filled in. A missing tenant stays missing, which is a deny, not a problem.
 */
export function readDecisionInput(value: unknown): ReadInput {
  if (isDeeper(value, inputDepthMax)) return { input: undefined, problems: [tooDeep] };
  const misfits = findMisfits(value, inputSchema as unknown as SchemaNode);
  if (misfits.length > 0) {
    return {
      input: undefined,
      problems: misfits.map(({ path, message, hint }) => ({
        at: toPath(path),
        // Of a file of policies the whole is a document.
        message: path.length === 0 ? message.replace("the document", "the input") : message,
        hint,
      })),
    };
  }
  // Everything in it was compared with the schema just now.
  const written = value as Static<typeof inputSchema>;
  const misplaced = misplacedPoint(written);
  return misplaced === undefined
    ? { input: fillIn(written), problems: [] }
    : { input: undefined, problems: [misplaced] };
}

/** The point of an action that is decided first (policy-model 3.1). */
export function firstPointOf(action: Action): Point {
  return pointsOf(action)[0];
}

function pointsOf(action: Action): readonly [Point, ...Point[]] {
  switch (action) {
    case "tool.list":
    case "tool.call":
    case "tool.result":
      return [action];
    case "llm.generate":
    case "llm.embed":
    case "llm.image":
    case "llm.audio":
    case "llm.read":
      return ["request", "response"];
  }
}

function misplacedPoint({ action, point }: Static<typeof inputSchema>): InputProblem | undefined {
  const points = pointsOf(action);
  if (point === undefined || points.includes(point)) return undefined;
  return {
    at: "point",
    message: `\`${action}\` is not decided at \`${point}\``,
    hint: `Write ${points.join(" or ")}, or leave \`point\` out.`,
  };
}

function fillIn(written: Static<typeof inputSchema>): DecisionInput {
  const { time, action, point, principal, data } = written;
  return {
    ...written,
    time: time.endsWith("Z") ? time : new Date(time).toISOString(),
    action,
    point: point ?? firstPointOf(action),
    ...(principal === undefined
      ? {}
      : { principal: { ...principal, kind: principal.kind ?? "user" } }),
    data: { status: data?.status ?? "ok", findings: data?.findings ?? [] },
  } as DecisionInput;
}

function toPath(path: readonly string[]): string {
  return path
    .map((part, index) => (/^[0-9]+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

const tooDeep: InputProblem = {
  at: "",
  message: `the input is nested deeper than ${inputDepthMax} levels`,
  hint: "Leave out what no rule reads.",
};

/** Walks level by level, since what is given may be deeper than the stack. */
function isDeeper(value: unknown, levelsMax: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levelsMax) return true;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}
