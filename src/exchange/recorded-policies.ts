import type { Decision, PolicyVersions } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { ClosingRecord } from "../record/index.ts";
import { withClassifiers } from "./classifier-versions.ts";
import type { ExchangeDeps } from "./deps.ts";
import type { Knowledge } from "./knowledge.ts";
import { switchesFor, withSwitches } from "./live-switches.ts";

type AttributesRead = ReturnType<NonNullable<ReturnType<Snapshot["scopeOf"]>>["attributesRead"]>;

/** What records tell of the policies of one exchange, and of what these read. */
export class RecordedPolicies {
  readonly #deps: Pick<ExchangeDeps, "killSwitches">;
  readonly #knowledge: Knowledge;
  readonly #snapshot: Snapshot | undefined;

  constructor(
    deps: Pick<ExchangeDeps, "killSwitches">,
    knowledge: Knowledge,
    snapshot: Snapshot | undefined,
  ) {
    this.#deps = deps;
    this.#knowledge = knowledge;
    this.#snapshot = snapshot;
  }

  /** What replay needs to find again, kill switches of the fast channel included. */
  versions(): PolicyVersions | undefined {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return undefined;
    const { identity } = this.#knowledge;
    const tenant = identity?.tenant;
    const switches = switchesFor(this.#deps.killSwitches, snapshot);
    const scope = identity && snapshot.scopeOf(identity.tenant, identity.app);
    const versions = withClassifiers(snapshot.versionsFor(tenant), scope?.classifiers ?? []);
    return withSwitches(versions, switches, tenant);
  }

  /** The host, where a condition on the path reads it. */
  hostRead(): string | undefined {
    return this.#attributesRead()?.has("route.host") ? this.#knowledge.head?.host : undefined;
  }

  /** What conditions on the path read of the answer, and what of its request has changed. */
  answerFacts(decision: Decision | undefined): ClosingRecord["facts"] {
    const { dataStatus, response } = this.#knowledge;
    // Of an answer that was not classified, as of its request; elsewhere it goes without saying.
    const status = dataStatus === "ok" ? undefined : { "data.status": dataStatus };
    const read = this.#attributesRead();
    if (decision === undefined || response === undefined || read === undefined || read.size === 0) {
      return status;
    }
    const { finishReason, outputTokens } = response;
    return {
      ...status,
      ...(read.has("response.finishReason") ? { "response.finishReason": finishReason } : {}),
      ...(read.has("response.outputTokens") ? { "response.outputTokens": outputTokens } : {}),
    };
  }

  #attributesRead(): AttributesRead | undefined {
    const { identity } = this.#knowledge;
    return identity && this.#snapshot?.scopeOf(identity.tenant, identity.app)?.attributesRead();
  }
}
