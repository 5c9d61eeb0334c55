import type { LinearModel } from "./model.ts";
import type { EvidenceShares } from "./odds.ts";

/** What training gives. */
export interface TrainedThreats {
  readonly model: LinearModel;
  readonly shares: EvidenceShares;
}
