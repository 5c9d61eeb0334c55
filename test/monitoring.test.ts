/** The alerts, dashboards and runbooks we ship: that they load, fire when they should, and fit us. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";
import {
  type AlertCase,
  burnCases,
  dayCases,
  hourCases,
  pastCases,
} from "./support/alert-cases.ts";
import { debianTool } from "./support/debian-tools.ts";
import { shownMetrics } from "./support/shown-metrics.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const prometheus = join(root, "deploy/prometheus");
const runbooks = join(root, "docs/runbooks");
const ruleFiles = ["objectives.yml", "alerts.yml"].map((name) => join(prometheus, "rules", name));

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function readRules(): Promise<readonly Rule[]> {
  const files = await Promise.all(ruleFiles.map((path) => readFile(path, "utf8")));
  return files.flatMap((text) => {
    const { groups } = parse(text) as { groups: readonly { rules: readonly Rule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

async function promtool(...args: string[]): Promise<string> {
  const { environment, path } = await debianTool("promtool");
  const options = { env: { ...process.env, ...environment }, timeout: 120_000 };
  return (await run(path, args, options)).stdout;
}

/** Runs the rules over every case; rejects with those that came out otherwise. */
async function hold(t: TestContext, cases: readonly AlertCase[], minutes: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-rules-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "cases.yml");
  const interval = `${minutes}m`;
  // A cluster for each case, so that one run of the rules does for all of them.
  const inputs = cases.flatMap(({ series }, index) =>
    Object.entries(series).map(([name, values]) => ({
      series: name.replace('cluster="c"', `cluster="c${index}"`),
      values,
    })),
  );
  const checks = cases.map(({ alert, at, fires }, index) => ({
    expr: `count by (alertname, severity) (ALERTS{alertname="${alert}",alertstate="firing",cluster="c${index}"})`,
    eval_time: at,
    exp_samples: fires.map((severity) => ({
      labels: `{alertname="${alert}",severity="${severity}"}`,
      value: 1,
    })),
  }));
  const tests = [{ interval, input_series: inputs, promql_expr_test: checks }];
  const document = { rule_files: ruleFiles, evaluation_interval: interval, tests };
  await writeFile(file, JSON.stringify(document));
  await promtool("test", "rules", file);
}

test("Prometheus takes the configuration and its rules", async () => {
  const said = await promtool("check", "config", join(prometheus, "prometheus.yml"));
  assert.match(said, /SUCCESS: .* is valid prometheus config file syntax/);
  assert.equal([...said.matchAll(/SUCCESS: \d+ rules found/g)].length, ruleFiles.length);
});

test("alerts fire on what they are about, and on nothing else", async (t) => {
  await hold(t, hourCases, 1);
});

test("alerts that compare with yesterday do so", async (t) => {
  await hold(t, dayCases, 5);
});

test("budgets that burn too fast are told, by each pair of windows, and quiet sites are not", async (t) => {
  await hold(t, [...burnCases, ...pastCases], 1);
});

test("each alert was seen to fire and to stay quiet", async () => {
  const cases = [...hourCases, ...dayCases, ...burnCases];
  for (const { alert, labels } of (await readRules()).filter((rule) => rule.alert)) {
    const own = cases.filter((one) => one.alert === alert);
    const severity = labels?.["severity"];
    assert.ok(
      own.some(({ fires }) => fires.some((fired) => fired === severity)),
      `${alert} (${severity}) fires in a case`,
    );
    assert.ok(
      own.some(({ fires }) => fires.length === 0),
      `${alert} is quiet in a case`,
    );
  }
});

test("each alert says what to do, and each runbook belongs to one", async () => {
  const sections = [
    "## What it means",
    "## Who is affected",
    "## First three commands",
    "## How to fall back",
    "## When to call whom",
  ];
  const codes = new Set<string>();
  for (const { alert, annotations, labels } of await readRules()) {
    if (alert === undefined) continue;
    const code = labels?.["code"] ?? "";
    codes.add(code);
    assert.match(String(labels?.["severity"]), /^(?:page|ticket)$/, alert);
    assert.match(String(labels?.["kind"]), /^(?:symptom|cause)$/, alert);
    assert.ok(annotations?.["summary"], alert);
    assert.equal(annotations?.["runbook_url"], `https://docs.example/runbooks/${code}`, alert);
  }
  const files = (await readdir(runbooks)).filter((name) => name !== "README.md");
  assert.deepEqual(files.sort(), [...codes].map((code) => `${code}.md`).sort());
  for (const file of files) {
    const text = await readFile(join(runbooks, file), "utf8");
    assert.deepEqual(
      text.split("\n").filter((line) => line.startsWith("## ")),
      sections,
      file,
    );
    const [, commands = ""] = /## First three commands\n([\s\S]*?)\n## /.exec(text) ?? [];
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(commands) ?? [];
    assert.equal(block.trim().split("\n").length, 3, `${file} has three commands`);
  }
});

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets: readonly {
    readonly expr: string;
    readonly exemplar?: boolean;
    readonly datasource: { readonly uid: string };
  }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const dashboardsFolder = join(root, "deploy/grafana/dashboards");

async function readDashboard(name: string): Promise<Dashboard> {
  return JSON.parse(await readFile(join(dashboardsFolder, `${name}.json`), "utf8")) as Dashboard;
}

for (const name of ["executive", "on-call", "debug"]) {
  test(`the ${name} dashboard is of one piece, and Prometheus takes what it asks`, async (t) => {
    const dashboard = await readDashboard(name);
    assert.equal(dashboard.uid, `chancery-${name}`);
    const variables = dashboard.templating.list.map((variable) => variable.name);
    assert.deepEqual(variables, ["datasource", "cluster"]);
    const [annotation] = dashboard.annotations.list;
    assert.match(annotation?.expr ?? "", /chancery_policy_info/);
    const asked: string[] = [annotation?.expr ?? ""];
    for (const { datasource, description, gridPos, targets, title } of dashboard.panels) {
      assert.ok(description, title);
      assert.ok(gridPos.x + gridPos.w <= 24, title);
      for (const { expr, ...target } of [...targets, { datasource, expr: "" }]) {
        assert.match(target.datasource.uid, /^\$\{datasource\}$/, title);
        if (expr === "") continue;
        asked.push(expr);
        assert.match(expr, /cluster=~"\$cluster"/, title);
        assert.doesNotMatch(expr, /\brate\([^[]*\[(?!\$__rate_interval\])/, title);
        const isOfTraces = /chancery_(?:decision|message)_seconds_bucket/.test(expr);
        assert.equal(target.exemplar === true, isOfTraces, title);
      }
    }
    const directory = await mkdtemp(join(tmpdir(), "chancery-panels-"));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const rules = asked.map((expr, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$cluster", ".*"),
    }));
    const file = join(directory, "panels.yml");
    await writeFile(file, JSON.stringify({ groups: [{ name: "panels", rules }] }));
    assert.match(await promtool("check", "rules", file), /SUCCESS/);
  });
}

test("every metric of ours that a rule or a panel reads is one we show", async () => {
  const shown = await shownMetrics();
  const recorded = new Set((await readRules()).map(({ record }) => record));
  const dashboards = await readdir(dashboardsFolder);
  const paths = [...ruleFiles, ...dashboards.map((name) => join(dashboardsFolder, name))];
  for (const path of paths) {
    const text = await readFile(path, "utf8");
    for (const [name] of text.matchAll(/\bchancery_[a-z0-9_]+/g)) {
      assert.ok(shown.has(name), `${path} reads ${name}`);
    }
    for (const [name] of text.matchAll(/\bchancery:[a-z0-9_:]+/g)) {
      assert.ok(recorded.has(name), `${path} reads ${name}`);
    }
  }
});

test("every metric of ours that is written about is one we show", async () => {
  const shown = [...(await shownMetrics())];
  const books = (await readdir(runbooks)).map((name) => join(runbooks, name));
  for (const path of [
    join(root, "docs/monitoring.md"),
    join(root, "docs/operating.md"),
    ...books,
  ]) {
    const text = await readFile(path, "utf8");
    for (const [name] of text.matchAll(/\bchancery_[a-z0-9_]+/g)) {
      // Searches and histograms are named by their beginning.
      assert.ok(
        shown.some((one) => one.startsWith(name)),
        `${path} names ${name}`,
      );
    }
  }
});
