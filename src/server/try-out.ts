import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../base/index.ts";
import {
  type EnvoyProcess,
  type FoundEnvoy,
  type HostPort,
  startEnvoy,
  type Upstream,
} from "../envoy/index.ts";
import {
  type DraftModel,
  modelCatalogDocument,
  type PolicyFile,
  parsePolicies,
  platformDocuments,
} from "../policy/index.ts";
import { createOperatorLog, createTelemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { directoriesOf } from "./config-sources.ts";
import type { PolicySupplement } from "./policy-keeper.ts";
import { readPolicies } from "./read-policies.ts";
import { type RunningServer, startServer } from "./running-server.ts";
import type { Watcher } from "./server-options.ts";

/** What `chancery up` puts in front of a model server. */
export interface TryOutOptions {
  /** One listener, an identity, a policy directory. */
  readonly config: Config;
  readonly version: string;
  readonly identity: { readonly tenant: string; readonly app: string };
  readonly envoy: FoundEnvoy;
  readonly listen: HostPort;
  readonly upstreams: readonly Upstream[];
  /** Models to approve, as `NAME` or `PROVIDER/NAME`; empty: what the upstreams list. */
  readonly models: readonly string[];
  readonly watcher: Watcher;
}

/** Chancery and an Envoy, running together. */
export interface TryOut {
  /** With `/v1`, as clients take it. */
  readonly baseUrl: string;
  readonly adminAddress: string;
  readonly envoy: EnvoyProcess;
  /** Loads policies anew. */
  reload(): Promise<void>;
  /** Ends both: the proxy first, so that nothing is asked of a server that is gone. */
  stop(): Promise<void>;
}

/** The policies do not compile, or there is no model to permit. */
export class NotTryable extends Error {
  override readonly name = "NotTryable";
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

const modelListDeadlineMs = 3_000;
const modelsMax = 1_000;

/** What a plain `--upstream` without a provider is called in model ids. */
const plainProvider = "upstream";

/** Starts Chancery, then an Envoy in front of it. Throws `NotTryable`, `EnvoyNotStarted`. */
export async function startTryOut(options: TryOutOptions): Promise<TryOut> {
  const { config, version, watcher } = options;
  const supplement = await prepareSupplement(options);
  const server = await startServer({
    config,
    version,
    supplement,
    telemetry: createTelemetry({ version }),
    // People watch decisions here; the server's own milestones would stand between them.
    log: createOperatorLog({ level: "error", destination: process.stderr }),
    watcher,
  });
  try {
    const { problems, refusedSinceMs } = server.policies;
    if (refusedSinceMs !== undefined)
      throw new NotTryable("The policies do not compile.", problems);
    const envoy = await startProxy(options, server);
    return {
      baseUrl: `${envoy.baseUrl}/v1`,
      adminAddress: server.adminAddress,
      envoy,
      reload: () => server.reload(),
      stop: async () => {
        await envoy.stop();
        // Nobody is left to be waited for.
        await server.stop(AbortSignal.abort());
      },
    };
  } catch (error) {
    await server.stop(AbortSignal.abort());
    throw error;
  }
}

async function startProxy(options: TryOutOptions, server: RunningServer): Promise<EnvoyProcess> {
  const envoy = await startEnvoy({
    path: options.envoy.path,
    directory: join(options.config.stateDir, "envoy"),
    bootstrap: {
      listen: options.listen,
      admin: { host: "127.0.0.1", port: 0 },
      processor: server.addresses,
      upstreams: options.upstreams,
    },
  });
  await writeFile(join(options.config.stateDir, "envoy.pid"), `${envoy.pid}\n`);
  return envoy;
}

/**
 * Gives the tenant, app and model catalog that the policy folder does not bring itself. Models are
 * looked up once, where the folder has no catalog when it is first read.
 */
async function prepareSupplement(options: TryOutOptions): Promise<PolicySupplement> {
  const directories = directoriesOf(options.config.policies.sources);
  const { files } = await readPolicies(directories);
  const isCatalog = ({ kind }: { readonly kind: string }) => kind === "ModelCatalog";
  const brings = parsePolicies(files).documents.some(isCatalog);
  const models = brings ? [] : await findModels(options);
  return (current) => {
    const declared = parsePolicies(current).documents;
    const has = (kind: string) => declared.some((document) => document.kind === kind);
    const documents: PolicyFile[] = [];
    // A folder that names its tenants is not given another: that would hide a slip in --identity.
    if (!has("Tenant") && !has("App")) {
      documents.push(...platformDocuments({ ...options.identity, declared }));
    }
    const lacksModels = models.length > 0 && !has("ModelCatalog");
    return lacksModels ? [...documents, modelCatalogDocument(models)] : documents;
  };
}

async function findModels(options: TryOutOptions): Promise<readonly DraftModel[]> {
  const { models, upstreams } = options;
  const found = models.length > 0 ? namedModels(models, upstreams) : await listedModels(upstreams);
  if (found.length === 0) {
    throw new NotTryable(
      "No model to permit: the upstream lists none at /v1/models, or is not there, and no --model was given. " +
        "Give --model NAME, or a folder with a ModelCatalog by --policies DIR.",
    );
  }
  return found;
}

/** `PROVIDER/NAME` goes to that upstream, a name without a known provider to the first. */
function namedModels(
  models: readonly string[],
  upstreams: readonly Upstream[],
): readonly DraftModel[] {
  const first = upstreams[0]?.provider ?? plainProvider;
  return models.map((model) => {
    const owner = upstreams.find(({ provider }) => model.startsWith(`${provider}/`))?.provider;
    return owner === undefined
      ? { provider: first, name: model }
      : { provider: owner, name: model.slice(owner.length + 1) };
  });
}

async function listedModels(upstreams: readonly Upstream[]): Promise<readonly DraftModel[]> {
  const lists = upstreams.map(async ({ provider = plainProvider, url }) =>
    (await listModels(url)).map((name) => ({ provider, name })),
  );
  return (await Promise.all(lists)).flat();
}

/** Names an upstream lists; none where it lists nothing, since that is answered with a way out. */
async function listModels(url: URL): Promise<readonly string[]> {
  const path = `${url.pathname.replace(/\/+$/, "")}/v1/models`;
  try {
    const signal = AbortSignal.timeout(modelListDeadlineMs);
    const response = await fetch(new URL(path, url), { signal });
    const body = (await response.json()) as {
      readonly data?: readonly { readonly id?: unknown }[];
    };
    const ids = (body.data ?? []).map(({ id }) => id);
    return ids.filter((id): id is string => typeof id === "string").slice(0, modelsMax);
  } catch {
    // Many model servers have no such list: the caller is told to name models instead.
    return [];
  }
}
