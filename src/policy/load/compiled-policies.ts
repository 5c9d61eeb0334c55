import type { Problem } from "../../base/index.ts";
import type { CompiledForm } from "../compile/compiled-form.ts";
import type { PolicyFile } from "../documents/document.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Whatever can be in force, checked and compiled, and the reasons why the rest is not: plain data,
 * which may go from one thread to another. `completePolicies` makes the snapshot of it.
 */
export interface PreparedPolicies {
  /** Undefined when nothing of the platform's can be in force. */
  readonly compiled: PreparedForm | undefined;
  /** Of all namespaces as given; sorted, warnings too. */
  readonly problems: readonly Problem[];
  /** By namespace: each that has files, and each tenant that is declared. */
  readonly namespaces: ReadonlyMap<string, NamespaceStatus>;
}

/** The compiled form with what versions name it by. */
export interface PreparedForm {
  readonly form: CompiledForm;
  /** `sha256:` and hex over the RFC 8785 form of it. */
  readonly digest: string;
  /** By namespace, over its files. */
  readonly layerDigests: ReadonlyMap<string, string>;
}

/** A snapshot of whatever can be in force, and the reasons why the rest is not. */
export interface CompiledPolicies extends Omit<PreparedPolicies, "compiled"> {
  /** Undefined when nothing of the platform's can be in force. */
  readonly snapshot: Snapshot | undefined;
}

/** What became of one namespace. */
export interface NamespaceStatus {
  /**
   * `current`: in force as given. `lastGood`: what is given has errors, so what was in force before
   * stays. `absent`: neither could be; of a tenant no app is declared then, so all its requests are
   * denied, and without the platform there is no snapshot.
   */
  readonly state: "current" | "lastGood" | "absent";
  /** The files in force. */
  readonly files: readonly PolicyFile[];
  /** What is wrong with what was given; sorted, warnings too. */
  readonly problems: readonly Problem[];
}
