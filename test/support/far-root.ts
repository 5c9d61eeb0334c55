import { generateNoteSigner, type RootSigner } from "../../src/signing/index.ts";

const local = generateNoteSigner("gov.acme.example/root");

/** A root that is a network away: it signs at once, or when it is let, or not at all. */
export class FarRoot implements RootSigner {
  readonly name = local.name;
  readonly keyId = local.keyId;
  readonly verifierKey = local.verifierKey;
  /** How often it was asked. */
  asked = 0;
  /** Of the last call. */
  lastSignal: AbortSignal | undefined;
  isAway = false;
  isSlow = false;
  #waiting: (() => void)[] = [];

  async sign(bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    this.asked += 1;
    this.lastSignal = signal;
    if (this.isAway) throw new Error("away");
    if (this.isSlow) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return local.sign(bytes);
  }

  /** Lets it answer what it was asked. */
  async answer(): Promise<void> {
    for (const resolve of this.#waiting.splice(0)) resolve();
    await settled();
  }
}

/** What promises bring about has come about. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise(setImmediate);
}
