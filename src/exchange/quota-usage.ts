import type { Decision, RequestFacts, Usage } from "../domain/index.ts";
import type { UsageCount } from "../policy/index.ts";

/** Tokens that are set aside for an answer nobody has limited. */
export const outputTokensDefault = 4096;

/** Bytes or characters that count as one token where nobody else counts (policy-model 3.1). */
const textPerToken = 4;

/** What is known of an answer when its exchange ends. */
export interface AnswerTold {
  /** 0 where there was none. */
  readonly status: number;
  readonly isComplete: boolean;
  /** As far as the provider has said. */
  readonly usage: Usage | undefined;
  /** UTF-16 units of text that ran by, or bytes of an answer that came whole. */
  readonly textLength: number;
  /** Tools the answer calls; absent where that is not known. */
  readonly toolCalls?: number | undefined;
}

/** What a permitted request may use at most: all of its text, and the longest answer. */
export function estimateUsage(
  request: RequestFacts | undefined,
  permit: Pick<Decision, "obligations">,
): UsageCount {
  return {
    inputTokens: request?.inputTokens ?? 0,
    outputTokens: longestAnswer(request, permit) * answersAsked(request),
    toolCalls: (request?.toolNames?.length ?? 0) > 0 ? 1 : 0,
  };
}

/**
 * What an exchange used. The provider's count holds; what it has not said is told from the text that
 * came. Undefined where nothing came at all: nobody knows what the provider did meanwhile.
 */
export function usageOf(answer: AnswerTold, estimate: UsageCount): UsageCount | undefined {
  const { isComplete, status, textLength, toolCalls, usage } = answer;
  if (status === 0) return undefined;
  // An error that says nothing of usage was not worked on.
  if (status >= 400 && usage === undefined) {
    return { inputTokens: 0, outputTokens: 0, toolCalls: 0 };
  }
  const seen = Math.min(Math.ceil(textLength / textPerToken), estimate.outputTokens);
  const counted = usage?.out;
  return {
    inputTokens: usage?.in ?? estimate.inputTokens,
    // Providers count as they go, and some begin with a first token: leaving early is not cheaper.
    outputTokens: isComplete && counted !== undefined ? counted : Math.max(counted ?? 0, seen),
    toolCalls: toolCalls ?? estimate.toolCalls,
  };
}

/** What a running answer has used so far. */
export function usageSoFar(textLength: number, estimate: UsageCount): UsageCount {
  return { ...estimate, outputTokens: Math.ceil(textLength / textPerToken) };
}

function longestAnswer(
  request: RequestFacts | undefined,
  { obligations }: Pick<Decision, "obligations">,
): number {
  const { max, min = 0, value } = obligations.params?.["maxTokens"] ?? {};
  if (typeof value === "number") return value;
  const asked = request?.maxTokens ?? max ?? outputTokensDefault;
  return Math.max(min, Math.min(asked, max ?? asked));
}

/** How many answers to one prompt are asked for; each of them is paid. */
function answersAsked(request: RequestFacts | undefined): number {
  const asked = request?.params?.["n"];
  return typeof asked === "number" && asked >= 1 ? asked : 1;
}
