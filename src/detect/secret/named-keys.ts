import {
  addCandidate,
  type Candidate,
  type CatalogueEntry,
  type Family,
  type Segment,
} from "../scan/family.ts";
import { groupEnd, groupStart } from "../scan/number-groups.ts";
import { type Topic, topics } from "../scan/topics.ts";
import { digitBit, lowerBit } from "../text/character-kind.ts";
import { unitAt } from "../text/units.ts";
import { aiKey } from "./ai-keys.ts";
import { azureSecret } from "./azure-secret.ts";
import { provider } from "./provider-tokens.ts";
import { isTokenUnit } from "./secret-token.ts";
import { isRandom } from "./token-shape.ts";

/** A key without a prefix, which only the name of its provider nearby tells. */
interface NamedKey {
  readonly kind: CatalogueEntry;
  readonly topic: Topic;
  /** The provider's name, in small letters. */
  readonly name: RegExp;
  readonly shape: RegExp;
}

const bitsMin = 2.8;
const basePct = 40;
const nearPct = 35;
/** How far before a key the name may stand, on whatever line. */
const nameUnitsMax = 64;

const hexShape = /^[0-9a-f]{32}$/;
const mixedShape = (units: number) =>
  new RegExp(`^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[A-Za-z0-9]{${units}}$`);

const byUnits: ReadonlyMap<number, readonly NamedKey[]> = new Map([
  [
    32,
    [
      { kind: azureSecret, topic: topics.azure, name: /azure|cognitive|ocp-apim/, shape: hexShape },
      { kind: provider, topic: topics.twilio, name: /twilio/, shape: hexShape },
      { kind: aiKey, topic: topics.mistral, name: /mistral/, shape: mixedShape(32) },
    ],
  ],
  [40, [{ kind: aiKey, topic: topics.cohere, name: /cohere|\bco_api/, shape: mixedShape(40) }]],
  [
    49,
    [
      {
        kind: aiKey,
        topic: topics.zhipu,
        name: /zhipu|glm|bigmodel|z\.?ai\b/,
        shape: /^[0-9a-f]{32}\.[A-Za-z0-9]{16}$/,
      },
    ],
  ],
]);

const hexUnits = 32;

/** Keys of Azure, Twilio, Mistral, Cohere and Zhipu beside the provider's name. */
export const namedKeys: Family = {
  kinds: [],
  needs: digitBit | lowerBit,
  unitsMin: hexUnits,
  digitsMin: 2,
  runUnitsMin: hexUnits,
  find,
};

function find(segment: Segment, found: Candidate[]): void {
  const { runs } = segment;
  for (let index = 0; index < runs.count; index += 1) {
    const start = groupStart(runs, index);
    let end = groupEnd(runs, index);
    if (end - start < hexUnits) continue;
    // Zhipu's keys are two runs with a dot between.
    const isDotted = end - start === hexUnits && unitAt(end) === 0x2e;
    if (isDotted && index + 1 < runs.count && groupStart(runs, index + 1) === end + 1) {
      index += 1;
      end = groupEnd(runs, index);
    }
    const keys = byUnits.get(end - start);
    if (keys !== undefined) addKey(keys, segment, [start, end], found);
  }
}

function addKey(
  keys: readonly NamedKey[],
  segment: Segment,
  [start, end]: readonly [number, number],
  found: Candidate[],
): void {
  const { text } = segment;
  if (isTokenUnit(start - 1) || isTokenUnit(end)) return;
  const value = text.slice(start, end);
  for (const { kind, topic, name, shape } of keys) {
    if (!shape.test(value)) continue;
    const near = name.test(nameBefore(text, start)) ? nearPct : 0;
    if (near === 0 && !segment.context.near(start, end).has(topic)) continue;
    if (!isRandom(value, start, bitsMin)) continue;
    const context = segment.context.pct(topic, start, end);
    if (context < 0 || Math.max(context, near) === 0) continue;
    addCandidate(found, kind, { start, end, pct: basePct + Math.max(context, near) });
    return;
  }
}

// What may hold the provider's name, in small letters.
function nameBefore(text: string, start: number): string {
  return text.slice(Math.max(0, start - nameUnitsMax), start).toLowerCase();
}
