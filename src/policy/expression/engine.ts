import type { CompiledNode } from "./compiled-node.ts";
import { Compiler } from "./compiler.ts";
import type {
  CompiledExpression,
  Expression,
  ExpressionEngine,
  ExpressionFacts,
  ExpressionProblem,
  ExpressionUse,
  ReadVariable,
  Truth,
} from "./expression.ts";
import { isSyntaxProblem, parseExpression } from "./parse-expression.ts";
import { describeType } from "./types.ts";
import { failed, type Value } from "./values.ts";

/** Compiled texts that are kept; the oldest is dropped. */
const keptMax = 10_000;

// The same texts come again with every activation. What a text compiles to is the same at any time
// and cannot be changed, so keeping it is not to be seen from outside.
const kept = new Map<string, CompiledExpression>();

/** Gives an engine for the CEL profile of policy-model 3.1. */
export function createExpressionEngine(): ExpressionEngine {
  return { compile: compileOnce };
}

function compileOnce(source: string, use: ExpressionUse): CompiledExpression {
  const key = `${use} ${source}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const compiled = compile(source, use);
  kept.set(key, compiled);
  const [oldest] = kept.keys();
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
  return compiled;
}

function compile(source: string, use: ExpressionUse): CompiledExpression {
  const parsed = parseExpression(source);
  if (isSyntaxProblem(parsed)) return { problems: [{ code: "E04", ...parsed }] };
  const compiler = new Compiler(parsed, use);
  const root = compiler.compileRoot();
  const { claims, problems, reads } = compiler;
  if (problems.some(({ code }) => code === "E04")) return { problems };
  const wrongResult = checkResult(root, use);
  if (wrongResult !== undefined) return { problems: [...problems, wrongResult] };
  return { expression: new ProfileExpression(source, { root, reads, claims }), problems };
}

function checkResult({ type }: CompiledNode, use: ExpressionUse): ExpressionProblem | undefined {
  const wanted = use === "cost" ? ["int", "double"] : ["bool"];
  if (type.kind === "dyn" || wanted.includes(type.kind)) return undefined;
  const [what, hint] =
    use === "cost" ? ["a cost", "a number"] : ["a condition", "a comparison, or a test"];
  return {
    code: "E04",
    message: `${what} gives ${wanted.join(" or ")}, found ${describeType(type)}`,
    hint: `Write ${hint}.`,
    offset: 0,
  };
}

interface Compiled {
  readonly root: CompiledNode;
  readonly reads: ReadonlySet<ReadVariable>;
  readonly claims: Expression["claims"];
}

class ProfileExpression implements Expression {
  readonly source: string;
  readonly reads: ReadonlySet<ReadVariable>;
  readonly claims: Expression["claims"];
  readonly #run: CompiledNode["run"];

  constructor(source: string, { root, reads, claims }: Compiled) {
    this.source = source;
    this.reads = reads;
    this.claims = claims;
    this.#run = root.run;
  }

  test(facts: ExpressionFacts): Truth {
    const value = this.#value(facts);
    return value === true ? "T" : value === false ? "F" : "E";
  }

  amount(facts: ExpressionFacts): number | undefined {
    const value = this.#value(facts);
    if (typeof value !== "number" && typeof value !== "bigint") return undefined;
    const amount = Number(value);
    return Number.isFinite(amount) && amount >= 0 ? amount : undefined;
  }

  #value(facts: ExpressionFacts): Value {
    try {
      return this.#run(facts, null);
    } catch {
      // Facts that are not what their types say; an error restricts, which is the careful side.
      return failed;
    }
  }
}
