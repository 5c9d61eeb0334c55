import { readFileSync } from "node:fs";
import type { Clock, Timers } from "../base/index.ts";
import type { Classifier } from "../detect/index.ts";
import type { HeaderField } from "../domain/index.ts";
import { grpcAdapter } from "./grpc-classifier.ts";
import {
  type Adapter,
  type ClassifierObserver,
  GuardedClassifier,
  type GuardTerms,
} from "./guarded-classifier.ts";
import { HttpTransport } from "./http-transport.ts";
import { type ModelTerms, ModelThread } from "./onnx/index.ts";
import { moderationAdapter } from "./openai-moderation.ts";
import { presidioAdapter } from "./presidio.ts";

/** One classifier as the operator has it; paths of files are absolute. */
export type ClassifierConfig = RemoteClassifierConfig | LocalClassifierConfig;

/** One that runs here. */
export interface LocalClassifierConfig extends GuardTerms {
  readonly type: "onnx";
  readonly onnx: ModelTerms;
}

/** One that is asked over the network. */
export interface RemoteClassifierConfig extends GuardTerms {
  readonly type: "presidio" | "openai-moderation" | "grpc";
  /** `https:`, or `http:` on this machine; of gRPC `grpcs:` or `grpc:`. */
  readonly url: string;
  /** PEM of the authorities that vouch for the server; undefined: those of the machine. */
  readonly caFile: string | undefined;
  /** Presidio: the language of the texts, as ISO 639-1. */
  readonly language: string;
  /** Moderation: the model; undefined: the server's choice. */
  readonly model: string | undefined;
}

export interface OpenOptions {
  readonly clock: Pick<Clock, "monotonicMicros">;
  readonly timers: Timers;
  readonly observer: ClassifierObserver;
  /** The header that a classifier is called with, if it wants one. */
  readonly credentialOf: (classifier: string) => HeaderField | undefined;
}

/** All classifiers of a server. */
export interface OpenClassifiers {
  of(name: string): Classifier | undefined;
  /** Loads the models that run here. Rejects where one cannot be, with one line about why. */
  start(): Promise<void>;
  /** Lets their connections and threads go. */
  close(): void;
}

/** Makes classifiers ready to be asked; none is called before. Throws where a file cannot be read. */
export function openClassifiers(
  configs: Readonly<Record<string, ClassifierConfig>>,
  options: OpenOptions,
): OpenClassifiers {
  const { clock, credentialOf, observer, timers } = options;
  const classifiers = new Map(
    Object.entries(configs).map(([name, config]) => {
      const adapter = openAdapter(config, () => credentialOf(name));
      const guarded = { name, adapter, terms: config, clock, timers, observer };
      return [name, new GuardedClassifier(guarded)] as const;
    }),
  );
  return {
    of: (name) => classifiers.get(name),
    start: async () => {
      await Promise.all([...classifiers.values()].map((classifier) => classifier.start()));
    },
    close: () => {
      for (const classifier of classifiers.values()) classifier.close();
    },
  };
}

function openAdapter(config: ClassifierConfig, credential: () => HeaderField | undefined): Adapter {
  if (config.type === "onnx") return new ModelThread(config.onnx);
  const { caFile, concurrencyMax, language, model, type } = config;
  const url = new URL(config.url);
  const ca = caFile === undefined ? undefined : readFileSync(caFile);
  if (type === "grpc") {
    const tls = url.protocol === "grpcs:" ? { ca } : undefined;
    return grpcAdapter({ address: url.host, tls, credential });
  }
  const transport = new HttpTransport({ url, ca, credential, connectionsMax: concurrencyMax });
  return type === "presidio"
    ? presidioAdapter(transport, language)
    : moderationAdapter(transport, model);
}
