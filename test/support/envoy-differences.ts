import { envoyVersion } from "./tools.ts";

/**
 * What the Envoy under test does otherwise than 1.40.0. A field names what a client, an upstream or
 * an operator can tell, so that the tests state it; none lets anything pass unjudged.
 */
export interface EnvoyDifferences {
  /**
   * A FULL_DUPLEX_STREAMED request that has too many headers once ours are added ends the whole
   * process: it refuses our headers and then trips over the body behind them (CVE-2026-47207).
   */
  readonly endsOverRequestHeaders: boolean;
  /** The same for a FULL_DUPLEX_STREAMED answer. */
  readonly endsOverAnswerHeaders: boolean;
  /** The head of an answer that is passed on in pieces leaves with the first of them, not before. */
  readonly keepsRunningHeads: boolean;
  /**
   * It does not say whether a client certificate was checked: `connection.peer_certificate_valid`
   * is missing, and a listener that takes any certificate lets clients name themselves.
   */
  readonly hidesPeerValidity: boolean;
}

/** Those of the Envoy that `envoyBinary()` gives; rejects as that does. */
export async function envoyDifferences(): Promise<EnvoyDifferences> {
  const [, minor = 0, patch = 0] = (await envoyVersion()).split(".").map(Number);
  const isFixed = minor >= 39 || (minor === 38 && patch >= 3) || (minor === 37 && patch >= 5);
  return {
    endsOverRequestHeaders: !isFixed,
    // From 1.38 on an answer has room for one of ours beyond what an upstream may send.
    endsOverAnswerHeaders: !isFixed && minor === 37,
    keepsRunningHeads: minor === 39,
    hidesPeerValidity: minor < 39,
  };
}
