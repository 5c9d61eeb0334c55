import type { CallAnswer, HttpCaller } from "./http-caller.ts";

/** Calls that go on, side by side, until they are stopped. */
export interface Load {
  /** Of calls that are over, in that order. */
  readonly answers: readonly CallAnswer[];
  /** Resolves when so many more calls were answered with a decision. */
  answered(count: number): Promise<void>;
  /** Begins no more calls, and resolves when the last one is over. */
  stop(): Promise<void>;
}

/** Starts `callers` callers, each with one call after the other; `bodyOf` gets a running number. */
export function startLoad(
  caller: HttpCaller,
  path: string,
  options: { readonly callers: number; readonly bodyOf: (turn: number) => object },
): Load {
  const answers: CallAnswer[] = [];
  let isStopped = false;
  let turn = 0;
  let answered = 0;
  let waiting: { readonly goal: number; readonly wake: () => void }[] = [];
  const note = (answer: CallAnswer) => {
    answers.push(answer);
    if (answer.headers["x-chancery-decision"] === undefined) return;
    answered += 1;
    for (const { goal, wake } of waiting) if (goal <= answered) wake();
    waiting = waiting.filter(({ goal }) => goal > answered);
  };
  const callOn = async () => {
    while (!isStopped) {
      turn += 1;
      note(await caller.post(path, options.bodyOf(turn)));
    }
  };
  const callers = Array.from({ length: options.callers }, callOn);
  return {
    answers,
    answered: (count) =>
      new Promise((wake) => {
        waiting.push({ goal: answered + count, wake });
      }),
    stop: async () => {
      isStopped = true;
      await Promise.all(callers);
    },
  };
}
