/** The text of a scrape, read strictly. */
import assert from "node:assert/strict";

/** The samples of one metric, by name and labels as they stand in the text. */
interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

/** Everything one scrape said. */
export interface MetricsText {
  /** By name; histograms under the name without suffix. */
  readonly families: ReadonlyMap<string, Family>;
  /** The value of one sample such as `name{label="value"}`. */
  value(sample: string): number | undefined;
}

/** Reads the text format strictly: HELP, TYPE, then samples of that family, none twice. */
export function readMetrics(text: string): MetricsText {
  const families = parseFamilies(text);
  return {
    families,
    value(sample) {
      const name = sample.replace(/\{.*/, "");
      const family = families.get(name) ?? families.get(name.replace(/_[a-z]+$/, ""));
      return family?.samples.get(sample);
    },
  };
}

function parseFamilies(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  let current: { name: string; family: Family } | undefined;
  assert.ok(text.endsWith("\n"));
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ")) continue;
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type !== null) {
      const [, name = "", kind = ""] = type;
      assert.ok(!families.has(name), `${name} comes once`);
      current = { name, family: { type: kind, samples: new Map() } };
      families.set(name, current.family);
      continue;
    }
    const sample = /^([a-z_0-9]+)((?:\{[^}]*\})?) (\S+)$/.exec(line);
    assert.ok(sample !== null && current !== undefined, `a sample: ${line}`);
    const [, name = "", labels = "", value = ""] = sample;
    assert.match(labels, /^(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+\})?$/);
    assert.ok(name === current.name || /_(?:bucket|sum|count)$/.test(name), line);
    assert.ok(name.startsWith(current.name), line);
    assert.ok(!current.family.samples.has(name + labels), `${name}${labels} comes once`);
    current.family.samples.set(name + labels, Number(value));
  }
  return families;
}
