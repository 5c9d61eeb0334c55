import type { Problem } from "../../base/index.ts";
import type { PolicyFile } from "../documents/document.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** A snapshot of whatever can be in force, and the reasons why the rest is not. */
export interface CompiledPolicies {
  /** Undefined when nothing of the platform's can be in force. */
  readonly snapshot: Snapshot | undefined;
  /** Of all namespaces as given; sorted, warnings too. */
  readonly problems: readonly Problem[];
  /** By namespace: each that has files, and each tenant that is declared. */
  readonly namespaces: ReadonlyMap<string, NamespaceStatus>;
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
