import type { Finding, Span, ToolCall } from "../domain/index.ts";
import { asksAboutPlace, classifyTexts, looksAtArgsAlone } from "./classify-texts.ts";
import type { ExchangeCore } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { judgesTools } from "./tool-judge.ts";

/** Whether answers of this exchange are classified as a whole, so that none of one may leave before. */
export function classifiesAnswers(core: ExchangeCore): boolean {
  return asksAboutPlace(core, "response") || classifiesCalls(core);
}

/**
 * Findings of the texts of an answer, in their order. What is found in the arguments of its calls is
 * noted as well where classifiers are asked about them, for the decisions on these; only then are the
 * calls read.
 */
export function classifyAnswer(
  core: ExchangeCore,
  texts: readonly Span[],
  readCalls: () => readonly Pick<ToolCall, "args">[],
): Eventually<readonly (readonly Finding[])[]> {
  // Nobody was permitted anything: the proxy answers by itself, and what the rules find is taken out.
  if (core.knowledge.permit === undefined) {
    return core.deps.classify(texts, core.knowledge.identity?.tenant);
  }
  if (!classifiesCalls(core)) return classifyTexts(core, texts);
  const args = readCalls().map((call): Span => ({ place: "tool_args", text: call.args }));
  return thenDo(classifyTexts(core, [...texts, ...args]), (found) => {
    core.knowledge.classifiedArgs = new Map(
      args.map(({ text }, index) => [text, found[texts.length + index] ?? []]),
    );
    return found.slice(0, texts.length);
  });
}

function classifiesCalls(core: ExchangeCore): boolean {
  return (asksAboutPlace(core, "tool_args") || looksAtArgsAlone(core)) && judgesTools(core);
}

function thenDo<T, U>(value: Eventually<T>, goOn: (value: T) => U): Eventually<U> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}
