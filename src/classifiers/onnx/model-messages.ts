import type { ClassifierLabel } from "../../detect/index.ts";

/** To the thread of a model. */
export type ToModel =
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly texts: readonly string[];
      /** What it is asked for; anything else is not told. */
      readonly labels: readonly string[];
    }
  /** Nobody waits for the answer any more. */
  | { readonly kind: "drop"; readonly id: number };

/** From the thread of a model. */
export type FromModel =
  | { readonly kind: "ready" }
  /** It cannot be loaded; why, in one line. */
  | { readonly kind: "unready"; readonly why: string }
  | { readonly kind: "labels"; readonly id: number; readonly labels: readonly ClassifierLabel[] }
  | { readonly kind: "failed"; readonly id: number };
