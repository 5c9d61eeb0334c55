import type { MessagePort } from "node:worker_threads";
import type { ClassifierLabel } from "../../detect/index.ts";
import type { FromModel, ToModel } from "./model-messages.ts";
import type { TokenClassifier } from "./token-classifier.ts";

type Ask = Extract<ToModel, { readonly kind: "ask" }>;

/**
 * Answers asks at a port. They run side by side, a window of each in turn, so that a long text does not
 * keep a short one waiting.
 */
export async function serveModel(
  port: Pick<MessagePort, "on" | "postMessage">,
  open: () => Promise<TokenClassifier>,
): Promise<void> {
  const post = (message: FromModel) => port.postMessage(message);
  const waiting = new Set<number>();
  let model: TokenClassifier;
  try {
    model = await open();
  } catch (error) {
    return post({ kind: "unready", why: error instanceof Error ? error.message : String(error) });
  }
  const answer = async (ask: Ask) => {
    const { id } = ask;
    waiting.add(id);
    try {
      const labels = await labelsOf(model, ask, () => !waiting.has(id));
      post({ kind: "labels", id, labels });
    } catch {
      // What the runtime says of it has numbers of tokens in it, which are words of the text.
      post({ kind: "failed", id });
    } finally {
      waiting.delete(id);
    }
  };
  port.on("message", (message: ToModel) => {
    if (message.kind === "drop") waiting.delete(message.id);
    else void answer(message);
  });
  post({ kind: "ready" });
}

async function labelsOf(
  { find, types }: TokenClassifier,
  { labels, texts }: Ask,
  isOver: () => boolean,
): Promise<readonly ClassifierLabel[]> {
  const wanted = new Set(labels);
  const found: ClassifierLabel[] = [];
  for (const [text, each] of texts.entries()) {
    for (const { confidence, end, start, type } of await find(each, isOver)) {
      const label = types[type] ?? "";
      if (wanted.has(label)) found.push({ text, label, confidence, range: { start, end } });
    }
  }
  return found;
}
