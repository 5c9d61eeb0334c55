import type { Detector } from "../detect/index.ts";
import type { Finding } from "../domain/index.ts";

/**
 * A name the caller chose, as a record may tell it: whatever is found in it is replaced by its mask
 * (audit-and-operations 3: content is never recorded). The same string where nothing is.
 */
export function discreet(name: string, detector: Detector): string {
  const findings = detector.scan(name);
  return findings.length === 0 ? name : masked(name, findings);
}

function masked(name: string, findings: readonly Finding[]): string {
  let text = "";
  let at = 0;
  for (const { start, end, type } of findings) {
    text += `${name.slice(at, start)}[${type}]`;
    at = end;
  }
  return text + name.slice(at);
}
