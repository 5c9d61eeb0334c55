import { resolve } from "node:path";
import { createBundleLedgerStore, type KeptBundles, renderBundles } from "../../server/index.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { UsageError } from "../usage-error.ts";
import type { BundleAction } from "./action.ts";

/** Shows what each authority has active, since when, and what was refused and why. */
export const status: BundleAction = {
  options: ["format", "namespace"],
  async run({ format, namespace, target }, io) {
    const kept = ofNamespace(await readKept(io, target), namespace);
    io.stdout.write(
      format === "json"
        ? `${JSON.stringify(renderBundles(kept), undefined, 2)}\n`
        : render(kept, io),
    );
    return exitCodes.done;
  },
};

async function readKept(io: Io, stateDir: string): Promise<KeptBundles> {
  let kept: KeptBundles | undefined;
  try {
    kept = await createBundleLedgerStore(resolve(io.cwd, stateDir)).load();
  } catch (error) {
    throw new UsageError(`Cannot read ${stateDir}: ${(error as Error).message}.`, "See to it.");
  }
  if (kept !== undefined) return kept;
  throw new UsageError(
    `${stateDir} holds nothing about bundles.`,
    "Name the `stateDir` of a server that has bundles among its sources.",
  );
}

/** Of one authority; a refusal that nobody's keys vouch for is everybody's. */
function ofNamespace({ ledger, refusals }: KeptBundles, name: string | undefined): KeptBundles {
  if (name === undefined) return { ledger, refusals };
  const accepted = new Map([...ledger.accepted].filter(([namespace]) => namespace === name));
  return {
    ledger: { ...ledger, accepted },
    refusals: refusals.filter(({ namespace = name }) => namespace === name),
  };
}

function render({ ledger, refusals }: KeptBundles, io: Io): string {
  const paint = createPaint(io);
  const active = [...ledger.accepted.values()].map(
    ({ acceptedAtMs, expiresAt, namespace, place, sequence, signers, version }) =>
      `${paint("strong", namespace)}  ${paint("good", "active")}  ${version}, sequence ${sequence}, since ${toText(acceptedAtMs)}, until ${expiresAt}\n    from ${place}, signed by ${signers.join(", ")}\n`,
  );
  const refused = refusals.map(
    ({ code, file, hint, message, namespace = "?", sinceMs }) =>
      `${paint("strong", namespace)}  ${paint("bad", `refused ${code}`)}  ${message}, since ${toText(sinceMs)}\n    from ${file}. ${hint}\n`,
  );
  return [...active, ...refused].join("");
}

function toText(ms: number): string {
  return new Date(ms).toISOString();
}
