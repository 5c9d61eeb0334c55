import { type OpenClassifiers, openClassifiers, typesOfLabels } from "../classifiers/index.ts";
import { type Classifier, createCachedClassifier } from "../detect/index.ts";
import type { ClassifierEndpoints } from "../policy/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import type { FindingsMemory } from "./findings-memory.ts";
import { readProviderCredentials } from "./provider-credentials.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";

/** The classifiers of a server, and the credentials they are called with. */
export interface WiredClassifiers extends OpenClassifiers {
  /** From now on reads credentials again when their files change. */
  watch(): void;
}

/** Opens the classifiers of the configuration. Throws where a file of one cannot be read. */
export function wireClassifiers(
  { classifiers }: Pick<Config, "classifiers">,
  {
    log,
    memory,
    telemetry,
  }: {
    readonly log: OperatorLog;
    /** What they answered before; undefined: they are always asked. */
    readonly memory: FindingsMemory | undefined;
    readonly telemetry: Telemetry;
  },
): WiredClassifiers {
  const withCredential = Object.entries(classifiers).flatMap(([name, { credential }]) =>
    credential === undefined ? [] : [[name, credential] as const],
  );
  const credentials = readProviderCredentials(Object.fromEntries(withCredential), log);
  const open = openClassifiers(classifiers, {
    clock: createSystemClock(),
    timers: systemTimers,
    credentialOf: (name) => credentials.of(name),
    observer: {
      asked: (classifier, result, micros) => {
        telemetry.exchange.detected(classifier, micros);
        if (result !== "ok") telemetry.classifiers.faulted(classifier, result);
      },
      strayed: (classifier, labels) => telemetry.classifiers.faulted(classifier, "stray", labels),
      failed: (classifier, cause) => log.error(`classifier ${classifier} failed`, cause),
    },
  });
  const cached = new Map<string, Classifier>();
  if (memory !== undefined) {
    for (const name of Object.keys(classifiers)) {
      const classifier = open.of(name);
      if (classifier !== undefined) {
        cached.set(name, createCachedClassifier(classifier, { ...memory, name }));
      }
    }
  }
  return {
    of: (name) => cached.get(name) ?? open.of(name),
    start: () => open.start(),
    watch: () => credentials.watch(),
    close: () => {
      credentials.close();
      open.close();
    },
  };
}

/** Who may have which classifier asked, for the loading of policies. */
export function endpointsOf({ classifiers }: Pick<Config, "classifiers">): ClassifierEndpoints {
  const entries = Object.entries(classifiers);
  return {
    tenantsOf: new Map(entries.map(([name, { tenants }]) => [name, tenants])),
    modelOf: new Map(
      entries.flatMap(([name, entry]) => {
        if (entry.type !== "onnx") return [];
        const { labels, model, tokenizer } = entry.onnx;
        const files = { model: model.digest, tokenizer: tokenizer.digest };
        return [[name, { files, words: typesOfLabels(labels) }]];
      }),
    ),
  };
}
