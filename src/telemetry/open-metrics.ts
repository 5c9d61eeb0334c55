const counterSuffix = /_total$/;
const described = /^# (?:HELP|TYPE) (\S+)/;

/**
 * The text format 0.0.4 as OpenMetrics 1.0: families of counters drop `_total`, buckets get their
 * exemplars (by the bucket as it stands in the text), empty lines go, and the text says where it ends.
 * The metrics library can write it too, but renames its counters then.
 */
export function toOpenMetrics(text: string, exemplars: ReadonlyMap<string, string>): string {
  const lines = text.split("\n").filter((line) => line !== "");
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+) counter$/.exec(line)?.[1] ?? []));
  const renamed = lines.map((line) => {
    const name = described.exec(line)?.[1];
    if (name === undefined) return withExemplar(line, exemplars);
    if (!counters.has(name)) return line;
    return line.replace(name, name.replace(counterSuffix, ""));
  });
  return `${renamed.join("\n")}\n# EOF\n`;
}

function withExemplar(line: string, exemplars: ReadonlyMap<string, string>): string {
  if (exemplars.size === 0) return line;
  const exemplar = exemplars.get(line.slice(0, line.lastIndexOf(" ")));
  return exemplar === undefined ? line : `${line} ${exemplar}`;
}
