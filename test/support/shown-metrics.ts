import { createTelemetry } from "../../src/telemetry/index.ts";
import { readMetrics } from "./read-metrics.ts";

/** The names a scrape of ours can have, those of the parts of histograms included. */
export async function shownMetrics(): Promise<ReadonlySet<string>> {
  const telemetry = createTelemetry({ version: "0.0.0" });
  telemetry.traces();
  try {
    const { families } = readMetrics(await telemetry.metrics());
    return new Set(
      [...families].flatMap(([name, { type }]) =>
        type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => name + part) : [name],
      ),
    );
  } finally {
    telemetry.close();
  }
}
