/** What each alert is held against: series that it must fire on, and series that it must not. */

/** One run of the rules over series; times as promtool writes them. */
export interface AlertCase {
  readonly alert: string;
  /** By series, values in the notation of promtool. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Severities that fire, sorted. */
  readonly fires: readonly ("page" | "ticket")[];
}

const process = 'job="chancery",instance="a",cluster="c"';
const envoy = 'job="envoy",instance="e",cluster="c"';

/** A counter that moves once, after ten minutes, and one that never does. */
const once = "0x10 1x30";
const never = "0x40";

/** An alert on a counter that must not move. */
function moves(alert: string, series: string, fires: AlertCase["fires"]): readonly AlertCase[] {
  return [
    { alert, series: { [series]: once }, at: "12m", fires },
    { alert, series: { [series]: never }, at: "12m", fires: [] },
  ];
}

/** An alert on a gauge beyond a bound, once it stood there for so many minutes. */
function stands(
  alert: string,
  series: string,
  [beyond, within]: readonly [number, number],
  { forMinutes, fires }: { readonly forMinutes: number; readonly fires: AlertCase["fires"] },
): readonly AlertCase[] {
  const at = `${forMinutes + 1}m`;
  const early = `${Math.max(forMinutes - 1, 0)}m`;
  return [
    { alert, series: { [series]: `${beyond}x1500` }, at, fires },
    { alert, series: { [series]: `${within}x1500` }, at, fires: [] },
    ...(forMinutes > 0
      ? [{ alert, series: { [series]: `${beyond}x1500` }, at: early, fires: [] }]
      : []),
  ];
}

const halfClosed = `envoy_http_ext_proc_server_half_closed{${envoy}}`;
const streamsFailed = `envoy_http_ext_proc_streams_failed{${envoy}}`;
const loads = (result: string) =>
  `chancery_policy_loads_total{${process},layer="acme",result="${result}"}`;
const recoveries = `chancery_audit_recoveries_total{${process},result="corrupt"}`;
const unsigned = `chancery_audit_unsigned_records{${process}}`;
const checkpointAge = `chancery_audit_checkpoint_age_seconds{${process}}`;
const lag = (le: string) => `chancery_event_loop_lag_seconds_bucket{${process},le="${le}"}`;

/** Cases that an hour of series is enough for, one value a minute. */
export const hourCases: readonly AlertCase[] = [
  ...stands("ChanceryDown", `up{${process}}`, [0, 1], { forMinutes: 2, fires: ["page"] }),
  ...moves("ChanceryBypass", `chancery_bypass_total{${process},reason="audit"}`, ["page"]),
  // What the configuration lets pass is no incident.
  ...[`chancery_bypass_total{${process},reason="route"}`].map((series) => ({
    ...{ alert: "ChanceryBypass", series: { [series]: once }, at: "12m", fires: [] },
  })),
  ...moves("EnvoyFailsOpen", `envoy_http_ext_proc_failure_mode_allowed{${envoy}}`, ["page"]),
  ...moves("EnvoySpuriousAnswers", `envoy_http_ext_proc_spurious_msgs_received{${envoy}}`, [
    "page",
  ]),
  ...[
    `envoy_http_ext_proc_message_timeouts{${envoy}}`,
    `envoy_http_ext_proc_rejected_header_mutations{${envoy}}`,
    streamsFailed,
    `envoy_cluster_upstream_rq_pending_overflow{${envoy},envoy_cluster_name="chancery"}`,
  ].flatMap((series) => moves("EnvoyProcessorTrouble", series, ["ticket"])),
  {
    alert: "EnvoyProcessorTrouble",
    series: { [halfClosed]: once, [streamsFailed]: never },
    at: "12m",
    fires: ["ticket"],
  },
  {
    alert: "EnvoyProcessorTrouble",
    series: { [halfClosed]: never, [streamsFailed]: never },
    at: "12m",
    fires: [],
  },
  ...moves(
    "RedactionFailure",
    `chancery_redactions_total{${process},class="other",result="failed"}`,
    ["page"],
  ),
  ...moves("PrivacyLeak", `chancery_leaks_total{${process},surface="record",class="pii"}`, [
    "page",
  ]),
  ...moves("AuditLost", `chancery_audit_lost_total{${process},reason="ring_full"}`, ["page"]),
  ...moves("AuditLogCorrupt", recoveries, ["page"]),
  // Found at the start, before the first scrape.
  { alert: "AuditLogCorrupt", series: { [recoveries]: "1x90" }, at: "5m", fires: ["page"] },
  { alert: "AuditLogCorrupt", series: { [recoveries]: "1x90" }, at: "70m", fires: [] },
  {
    alert: "AuditUnsigned",
    series: { [unsigned]: "3x10", [checkpointAge]: "20+60x10" },
    at: "3m",
    fires: ["page"],
  },
  // Nothing was ever signed.
  { alert: "AuditUnsigned", series: { [unsigned]: "3x10" }, at: "3m", fires: ["page"] },
  {
    alert: "AuditUnsigned",
    series: { [unsigned]: "3x10", [checkpointAge]: "0x10" },
    at: "3m",
    fires: [],
  },
  // Nobody asks anything, so there is nothing to sign.
  {
    alert: "AuditUnsigned",
    series: { [unsigned]: "0x10", [checkpointAge]: "20+60x10" },
    at: "3m",
    fires: [],
  },
  ...stands(
    "AuditAnchorOld",
    `chancery_audit_anchor_age_seconds{${process},anchor="w1"}`,
    [901, 899],
    { forMinutes: 5, fires: ["ticket"] },
  ),
  ...stands("SinkBehind", `chancery_sink_lag_seconds{${process},sink="siem"}`, [601, 599], {
    ...{ forMinutes: 10, fires: ["ticket"] },
  }),
  ...stands("AuditDiskLow", `chancery_audit_disk_free_ratio{${process}}`, [0.09, 0.11], {
    ...{ forMinutes: 5, fires: ["ticket"] },
  }),
  ...stands("AuditDiskLow", `chancery_audit_disk_free_ratio{${process}}`, [0.02, 0.11], {
    ...{ forMinutes: 5, fires: ["page", "ticket"] },
  }),
  ...stands("KeyOld", `chancery_signing_key_age_seconds{${process}}`, [130_000, 86_400], {
    ...{ forMinutes: 10, fires: ["ticket"] },
  }),
  ...["bad_schema", "bad_compile", "bad_tests"].flatMap((result) =>
    moves("PolicyLoadFails", loads(result), ["ticket"]),
  ),
  ...moves("PolicyLoadFails", loads("bad_signature"), ["page"]),
  ...moves("PolicyLoadFails", loads("active"), []),
  // Refused at the start, before the first scrape.
  {
    alert: "PolicyLoadFails",
    series: { [loads("bad_tests")]: "1x40" },
    at: "5m",
    fires: ["ticket"],
  },
  { alert: "PolicyLoadFails", series: { [loads("bad_tests")]: "1x40" }, at: "20m", fires: [] },
  ...stands("PolicyStale", `chancery_policy_age_seconds{${process},layer="acme"}`, [3_601, 3_599], {
    forMinutes: 5,
    fires: ["ticket"],
  }),
  ...stands("PolicyConflicts", `chancery_policy_conflicts{${process},severity="error"}`, [1, 0], {
    forMinutes: 0,
    fires: ["ticket"],
  }),
  ...stands("PolicyConflicts", `chancery_policy_conflicts{${process},severity="warning"}`, [1, 0], {
    forMinutes: 0,
    fires: [],
  }),
  ...moves("Drift", `chancery_drift_alerts_total{${process},signal="class_mix"}`, ["ticket"]),
  {
    alert: "LoopBlocked",
    series: { [lag("0.25")]: "0+90x20", [lag("1")]: "0+100x20", [lag("+Inf")]: "0+100x20" },
    at: "12m",
    fires: ["page"],
  },
  {
    alert: "LoopBlocked",
    series: { [lag("0.1")]: "0+100x20", [lag("0.25")]: "0+100x20", [lag("+Inf")]: "0+100x20" },
    at: "12m",
    fires: [],
  },
];

const decisions = (verdict: string) =>
  `chancery_decisions_total{${process},point="request",verdict="${verdict}"}`;
const info = (digest: string) =>
  `chancery_policy_info{${process},layer="acme",version="1",digest="${digest}"}`;
const matches = `chancery_rule_matches_total{${process},layer="global",effect="allow"}`;
const evaluated = `chancery_exchanges_total{${process},result="evaluated"}`;
const build = (node: string) => `chancery_build_info{${process},version="1",node="${node}"}`;

/** Denies every five minutes until the last hours, and since then, beside 1,000 other decisions. */
function denies(before: number, since: number): Readonly<Record<string, string>> {
  return {
    [decisions("deny")]: `0+${before}x300 ${before * 300}+${since}x60`,
    [decisions("allow")]: "0+1000x360",
  };
}

/** Cases that compare with yesterday, one value every five minutes. */
export const dayCases: readonly AlertCase[] = [
  { alert: "DenySpike", series: denies(10, 50), at: "27h", fires: ["ticket"] },
  {
    alert: "DenySpike",
    series: { ...denies(10, 50), [info("one")]: "1x322 _x40", [info("two")]: "_x322 1x40" },
    at: "27h",
    fires: ["page", "ticket"],
  },
  // The same versions for days.
  {
    alert: "DenySpike",
    series: { ...denies(10, 50), [info("one")]: "1x360" },
    at: "27h",
    fires: ["ticket"],
  },
  { alert: "DenySpike", series: denies(10, 20), at: "27h", fires: [] },
  // Three times as many, and still next to none.
  { alert: "DenySpike", series: denies(1, 5), at: "27h", fires: [] },
  {
    alert: "HitRateDrop",
    series: { [matches]: "0+2000x300 600000+800x60", [evaluated]: "0+1000x360" },
    at: "27h",
    fires: ["ticket"],
  },
  {
    alert: "HitRateDrop",
    series: { [matches]: "0+2000x300 600000+1200x60", [evaluated]: "0+1000x360" },
    at: "27h",
    fires: [],
  },
  // A site where nearly nobody is.
  {
    alert: "HitRateDrop",
    series: { [matches]: "0+200x300 60000+80x60", [evaluated]: "0+100x360" },
    at: "27h",
    fires: [],
  },
  {
    alert: "RuntimeEndOfLife",
    series: { [build("25.9.0")]: "1x360" },
    at: "25h",
    fires: ["ticket"],
  },
  { alert: "RuntimeEndOfLife", series: { [build("24.21.0")]: "1x360" }, at: "25h", fires: [] },
  { alert: "RuntimeEndOfLife", series: { [build("20.20.2")]: "1x360" }, at: "23h", fires: [] },
];

/** An objective: its name in alerts, its budget, and series that use up so much of it. */
interface Objective {
  readonly name: string;
  readonly budget: number;
  readonly errors: (ratio: number) => Readonly<Record<string, string>>;
}

/** A minute's worth of traffic, far above the guard of one exchange a second. */
const perMinute = 100_000;
const minutes = 75;

/** A counter that grows by a share of the traffic each minute. */
function growing(share: number): string {
  return `0+${Math.round(share * perMinute)}x${minutes}`;
}

const exchanges = (result: string) => `chancery_exchanges_total{${process},result="${result}"}`;
const traffic = { [evaluated]: growing(1) };

const objectives: readonly Objective[] = [
  {
    name: "Latency",
    budget: 0.01,
    errors: (ratio) => ({
      ...traffic,
      [`chancery_message_seconds_bucket{${process},event="request_body",le="0.05"}`]: growing(
        1 - ratio,
      ),
      [`chancery_message_seconds_count{${process},event="request_body"}`]: growing(1),
    }),
  },
  {
    name: "Enforcement",
    budget: 0.001,
    errors: (ratio) => ({
      ...traffic,
      [`chancery_enforcement_total{${process},effect="redact",result="failed"}`]: growing(ratio),
      [`chancery_enforcement_total{${process},effect="redact",result="applied"}`]: growing(
        1 - ratio,
      ),
    }),
  },
  {
    name: "Coverage",
    budget: 0.001,
    errors: (ratio) => ({
      [evaluated]: growing((1 - ratio) / 2),
      [exchanges("refused_input")]: growing((1 - ratio) / 2),
      [exchanges("bypassed")]: growing(ratio),
    }),
  },
  {
    name: "Completeness",
    budget: 0.0001,
    errors: (ratio) => ({
      ...traffic,
      [`chancery_audit_incomplete_total{${process},field="findings"}`]: growing(ratio / 2),
      [`chancery_audit_lost_total{${process},reason="disk_full"}`]: growing(ratio / 2),
      [`chancery_audit_records_total{${process},kind="decision"}`]: growing(1),
    }),
  },
  {
    name: "Availability",
    budget: 0.001,
    errors: (ratio) => ({
      [evaluated]: growing(1 - ratio),
      [exchanges("fault")]: growing(ratio),
    }),
  },
];

const burns = [
  { suffix: "Fast", factor: 14.4, severity: "page" },
  { suffix: "Steady", factor: 6, severity: "page" },
  { suffix: "Slow", factor: 4, severity: "ticket" },
  { suffix: "Trickle", factor: 1, severity: "ticket" },
] as const;

/** Each alert on each budget, a little faster than its pace and a little slower. */
export const burnCases: readonly AlertCase[] = objectives.flatMap(({ budget, errors, name }) =>
  burns.flatMap(({ factor, severity, suffix }) => {
    const alert = `Chancery${name}Burn${suffix}`;
    const at = `${minutes}m`;
    const few = Object.entries(errors(budget * factor * 1.3)).map(
      // The same shares of a ten-thousandth of the traffic.
      ([series, values]) => [series, values.replace(/\d+(?=x)/, (rate) => `${Number(rate) / 1e4}`)],
    );
    return [
      { alert, series: errors(budget * factor * 1.3), at, fires: [severity] },
      { alert, series: errors(budget * factor * 0.7), at, fires: [] },
      { alert, series: Object.fromEntries(few), at, fires: [] },
    ];
  }),
);

/** Errors that are over: the long window has seen them, the short one sees none. */
export const pastCases: readonly AlertCase[] = [
  {
    alert: "ChanceryAvailabilityBurnFast",
    series: { [evaluated]: "0+100000x75", [exchanges("fault")]: "0+5000x60 300000x15" },
    at: "75m",
    fires: [],
  },
];
