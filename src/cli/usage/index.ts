/** What was used of policies, read from a server's metrics and records. Start with `readUsageOver`. */
export { readUsageOver, toUnusedDays } from "./usage-over.ts";
