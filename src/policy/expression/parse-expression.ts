import { parse } from "@bufbuild/cel";
import { bracketDepthMax, expressionBytesMax } from "./limits.ts";

/** A node of the syntax tree as the parser gives it: `cel.expr.Expr`, macros expanded. */
export type SyntaxNode = ReturnType<typeof parse>["expr"];
type Kinds = SyntaxNode["exprKind"];
/** What a node of one kind holds. */
export type SyntaxOf<Kind extends NonNullable<Kinds["case"]>> = Extract<
  Kinds,
  { case: Kind }
>["value"];

/** A text as a tree, with where in the text each node stands. */
export interface ParsedExpression {
  readonly root: SyntaxNode;
  /** UTF-16 offset into the text. */
  offsetOf(node: SyntaxNode): number | undefined;
  /** Name of the macro a comprehension was written as. */
  macroOf(node: SyntaxNode): string | undefined;
}

/** Why a text is not parsed. */
export interface SyntaxProblem {
  readonly message: string;
  readonly hint: string;
  readonly offset?: number;
}

/** Parses a text of bounded size and depth; never throws. */
export function parseExpression(source: string): ParsedExpression | SyntaxProblem {
  const bytes = Buffer.byteLength(source);
  if (bytes > expressionBytesMax) {
    return {
      message: `the expression has ${bytes} bytes, more than ${expressionBytesMax}`,
      hint: "Split it into several conditions; all of a rule's conditions must hold.",
    };
  }
  const tooDeep = offsetBelowDepth(source);
  if (tooDeep !== undefined) {
    return {
      message: `brackets stand inside each other more than ${bracketDepthMax} deep`,
      hint: "Split it into several conditions.",
      offset: tooDeep,
    };
  }
  try {
    const { expr, sourceInfo } = parse(source);
    return {
      root: expr,
      offsetOf: ({ id }) => sourceInfo?.positions[`${id}`],
      macroOf: ({ id }) => {
        const call = sourceInfo?.macroCalls[`${id}`]?.exprKind;
        return call?.case === "callExpr" ? call.value.function : undefined;
      },
    };
  } catch (error) {
    // The parser says by throwing that a text is not CEL; whatever it throws, the text is refused.
    return { ...describe(error), hint: "Correct the syntax here." };
  }
}

/** True for what `parseExpression` gives for a text that it refuses. */
export function isSyntaxProblem(parsed: ParsedExpression | SyntaxProblem): parsed is SyntaxProblem {
  return "message" in parsed;
}

// Texts, raw or not, then comments, then brackets: so that a bracket in a text does not count.
const token =
  /[rRbB]{0,2}(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*|[([{]|[)\]}]/g;

/** The parser recurses, so depth is measured before. */
function offsetBelowDepth(source: string): number | undefined {
  let depth = 0;
  for (const { 0: text, index } of source.matchAll(token)) {
    if (text === "(" || text === "[" || text === "{") depth += 1;
    else if (text === ")" || text === "]" || text === "}") depth -= 1;
    if (depth > bracketDepthMax) return index;
  }
  return undefined;
}

function describe(error: unknown): { message: string; offset?: number } {
  if (!(error instanceof Error)) return { message: "not valid CEL" };
  if (!("location" in error) || !("rawMessage" in error)) {
    // A text that is nested without brackets can be deeper than the parser's stack.
    const isOverflow = error instanceof RangeError;
    return { message: isOverflow ? "not valid CEL: too deep" : `not valid CEL: ${error.message}` };
  }
  const { location } = error;
  const message = `not valid CEL: ${error.rawMessage}`;
  return hasStart(location) ? { message, offset: location.start.offset } : { message };
}

function hasStart(value: unknown): value is { readonly start: { readonly offset: number } } {
  return typeof value === "object" && value !== null && "start" in value;
}
