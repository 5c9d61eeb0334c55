/** A value now, or one that comes later. */
export type Eventually<T> = T | Promise<T>;

/** A window as a store counts it. */
export type StoreWindow =
  /** One counter until it ends; the key names the period. Milliseconds since the epoch. */
  | { readonly kind: "fixed"; readonly endMs: number }
  /** The sum of the last slots of this length, the one that has only partly left included. */
  | { readonly kind: "sliding"; readonly slotMs: number }
  /** The generic cell rate algorithm (ITU-T I.371, Annex A): limit per period, so much at once. */
  | { readonly kind: "gcra"; readonly periodMicros: number; readonly burst: number };

/** What one budget is asked for. */
export interface Charge {
  /** Names the counter within its tenant; says nothing about whom it belongs to. */
  readonly key: string;
  /** Micro-units, like `limit`. */
  readonly amount: number;
  readonly limit: number;
  readonly window: StoreWindow;
  /** Counted although it goes over the limit, and in the way of no other charge. */
  readonly isSoft: boolean;
}

/** How one charge went. */
export interface ChargeResult {
  /** It fits below the limit. */
  readonly isWithin: boolean;
  /** Until it would fit, as things stand; undefined where it fits, or never would. */
  readonly retryAfterMs: number | undefined;
  /** Where it was counted, for the correction: a sliding window's slot, else 0. */
  readonly slot: number;
}

/** How a set of charges went. */
export interface Taken {
  /** All were counted; false: none was. */
  readonly isTaken: boolean;
  /** In the order of the charges. */
  readonly results: readonly ChargeResult[];
}

/** What a charge came to in the end: `amount` more, or less where it is negative. */
export interface Correction extends Omit<Charge, "isSoft"> {
  readonly slot: number;
}

/** Whose counters are meant, and when; a store that all processes share may know the time better. */
export interface StoreCall {
  /** Names the tenant without saying who it is. */
  readonly tenant: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The store cannot be asked, or has no room; nothing counts as reserved. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** Where the counters are. Throws or rejects with `StoreUnavailable`. */
export interface QuotaStore {
  /** Counts all charges, or none where one that is not soft goes over; atomic, in one round trip. */
  reserve(charges: readonly Charge[], call: StoreCall): Eventually<Taken>;
  /** Corrects what was counted; a window that is over stays as it was. */
  correct(corrections: readonly Correction[], call: StoreCall): Eventually<void>;
}
