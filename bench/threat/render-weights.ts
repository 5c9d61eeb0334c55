import type { TrainedThreats } from "../../src/detect/threat/trained.ts";

/** Columns of base 64 in a line. */
const lineUnits = 92;

/** The source file that holds what training gave. */
export function renderWeights({ model: { bias, unit, weights }, shares }: TrainedThreats): string {
  const encoded = Buffer.from(weights.buffer, weights.byteOffset, weights.length).toString(
    "base64",
  );
  const lines = encoded.match(new RegExp(`.{1,${lineUnits}}`, "g")) ?? [];
  const signals = Object.entries(shares.signals).map(([name, odds]) => `      ${name}: ${odds},`);
  return `// Made by bench/threat/train.ts; do not edit.
import type { TrainedThreats } from "./trained.ts";

/** One signed byte for each weight. */
const encoded =
${lines.map((line) => `  "${line}"`).join(" +\n")};

/** What was trained last. */
export const trained: TrainedThreats = {
  model: {
    weights: new Int8Array(Buffer.from(encoded, "base64")),
    unit: ${unit},
    bias: ${bias},
  },
  shares: {
    rest: ${shares.rest},
    model: ${shares.model},
    discussing: ${shares.discussing},
    quoted: ${shares.quoted},
    signals: {
${signals.join("\n")}
    },
  },
};
`;
}
