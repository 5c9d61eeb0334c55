/**
 * Whether what a process writes itself (records, operator log, spans, labels of metrics) holds a value
 * that must not be in it (audit-and-operations 6, M8). Every allow-list on the way says it cannot; this
 * looks, in the background and by sample. Who finds values comes in through a port. Start with
 * `LeakWatch`.
 */
export type { Leak, Surface } from "./leak.ts";
export { familyOf } from "./leak-finder.ts";
export { LeakWatch, type LeakWatchParts } from "./leak-watch.ts";
