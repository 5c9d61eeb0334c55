import type { PolicyState } from "./policy-state.ts";

/** Problems and layers shown in `/status`; `chancery check` shows all problems. */
const problemsShownMax = 20;
const layersShownMax = 100;

/** What `/status` says of policies: what serves, how old it is, and what is wrong with what is not. */
export function renderPolicyStatus(state: PolicyState, nowMs: number): object {
  const { activatedAtMs, layers, problems, refusedSinceMs, snapshot } = state;
  return {
    snapshot: snapshot?.digest ?? null,
    activatedAt: renderTime(activatedAtMs),
    // What was found and does not serve has been so since then.
    refusedSince: renderTime(refusedSinceMs),
    layers: layers.slice(0, layersShownMax).map((layer) => {
      const { confirmedAtMs, namespace, serves } = layer;
      const tenant = namespace === "platform" ? undefined : namespace;
      const version = snapshot?.versionsFor(tenant).layers.find(({ id }) => id === namespace);
      return {
        id: namespace,
        ...(serves === "absent" ? {} : version),
        serves,
        ageSeconds: confirmedAtMs === undefined ? null : Math.round((nowMs - confirmedAtMs) / 1000),
      };
    }),
    layersTotal: layers.length,
    problems: problems.slice(0, problemsShownMax),
    problemsTotal: problems.length,
  };
}

function renderTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
