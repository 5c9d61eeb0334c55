/**
 * What the engine has done to many units of a text at once, in AssemblyScript, with vectors of 128 bits.
 * `../generate.ts` compiles it into `src/detect/wide/code.ts`. All of it works on one memory, of which
 * `memory.ts` is the map. A function marked `@inline` is written out wherever it is called.
 */
export { classifyCodings, classifyWords, layDownClasses } from "./classes";
export { layDownWeights } from "./hash";
export {
  alphanumerics,
  answer,
  beyond,
  capitals,
  cells,
  digits,
  end,
  endSieve,
  knownSieve,
  openings,
  runs,
  sieveBits,
  signs,
  slots,
  units,
  unitsMax,
  unitTable,
  words,
  wordsMax,
  years,
} from "./memory";
// Some are called from one place alone and exported to be calls there: within a loop they would take registers from it.
export { lookUp, nextSpace, readSlowly, readWords, runsOn, startsOf } from "./words";
