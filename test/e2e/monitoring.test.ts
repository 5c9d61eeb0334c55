/** A real Prometheus scrapes a server and its Envoy, under the configuration and rules we ship. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { runPrometheus } from "../support/run-prometheus.ts";

const shipped = fileURLToPath(new URL("../../deploy/prometheus", import.meta.url));

/** Prometheus tells its scrapers of targets every five seconds. */
const discoveryMs = 20_000;

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

/** What Prometheus has of a query, each series with its labels and its newest value. */
async function ask(url: string, query: string) {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as {
    readonly data: {
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly value: readonly [number, string];
      }[];
    };
  };
  return data.result.map(({ metric, value }) => ({ ...metric, value: value[1] }));
}

test("a Prometheus takes everything that we and Envoy show, and evaluates every rule on it", async (t) => {
  const stage = await startGovernedEnvoy(t);
  stage.cloud.answerWith({ text: "Fine." });
  const messages = [{ role: "user", content: "How are you?" }];
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
  const sent = { model: "large", messages };
  const answer = await stage.post("/chat/completions", sent, { traceparent });
  assert.equal(answer.status, 200, await answer.text());

  const text = await readFile(join(shipped, "prometheus.yml"), "utf8");
  const file = join(stage.directory, "prometheus.yml");
  const here = text
    .replace("rules/*.yml", join(shipped, "rules", "*.yml"))
    .replaceAll("15s", "1s")
    .replace("127.0.0.1:9003", stage.server.adminAddress)
    .replace("127.0.0.1:9901", new URL(stage.envoy.adminUrl).host);
  await writeFile(file, here);
  const { url } = await runPrometheus(t, file, join(stage.directory, "prometheus"));

  await eventually(async () => {
    const up = await ask(url, "up == 1");
    return up.length === 2 || undefined;
  }, discoveryMs);
  const counted = await ask(url, 'chancery_exchanges_total{result="evaluated"}');
  assert.deepEqual(
    counted.map(({ value }) => value),
    ["1"],
  );

  for (const name of ["chancery_decision_seconds_bucket", "chancery_message_seconds_bucket"]) {
    const now = Date.now() / 1000;
    const asked = new URLSearchParams({ query: name, start: `${now - 60}`, end: `${now + 60}` });
    const exemplars = await (await fetch(`${url}/api/v1/query_exemplars?${asked}`)).text();
    assert.ok(exemplars.includes(`"trace_id":"${traceId}"`), `${name}: ${exemplars}`);
  }

  // Every name of Envoy's that rules and panels read is one that this Envoy shows.
  const rules = await readFile(join(shipped, "rules", "alerts.yml"), "utf8");
  const panels = await readFile(join(shipped, "../grafana/dashboards/on-call.json"), "utf8");
  const names = new Set(
    [...`${rules}${panels}`.matchAll(/\benvoy_[a-z_]+/g)].map(([name]) => name),
  );
  const ofEnvoy = [...names].filter((name) => name !== "envoy_cluster_name");
  assert.ok(ofEnvoy.length >= 7, "there are some");
  for (const name of ofEnvoy) assert.ok((await ask(url, name)).length > 0, name);

  const evaluated = await eventually(async () => {
    const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      readonly data: {
        readonly groups: readonly {
          readonly rules: readonly { readonly name: string; readonly health: string }[];
        }[];
      };
    };
    const all = data.groups.flatMap((group) => group.rules);
    return all.length > 0 && all.every(({ health }) => health !== "unknown") ? all : undefined;
  });
  assert.deepEqual(
    evaluated.filter(({ health }) => health !== "ok"),
    [],
  );
  const firing = await ask(url, 'ALERTS{alertstate="firing"}');
  assert.deepEqual(firing, [], "nothing is wrong");
});
