import type { ReadRecord } from "../../record/index.ts";
import type { Paint } from "../paint.ts";
import { plainText } from "./plain-text.ts";

const kindColumns = 8;
const verdictColumns = 8;

/** One line for people about a record: when, what, and what matters most in its kind. */
export function renderRecord({ at, json, kind, seq }: ReadRecord, paint: Paint): string {
  const head = `${at.slice(0, 23)}Z  ${paint("strong", kind.padEnd(kindColumns))}`;
  const verdict = verdictOf(json);
  const shown = verdict === "" ? "" : paint(toneOf(verdict), verdict.padEnd(verdictColumns));
  const parts = [shown, whoseOf(json), ...detailsOf(kind, json), textOf(json["exchange"])];
  const body = parts.filter((part) => part !== "").join("  ");
  return `${head}  ${body}${body === "" ? "" : "  "}${paint("faint", `#${seq}`)}\n`;
}

type Json = ReadRecord["json"];

/** What was decided; of an exchange that ended before that, how. */
function verdictOf(json: Json): string {
  const verdict = textOf(json["verdict"]);
  return verdict === "none" ? textOf(json["end"]) || verdict : verdict;
}

function whoseOf(json: Json): string {
  return [json["tenant"], json["app"]].map(textOf).filter(Boolean).join("/");
}

function detailsOf(kind: string, json: Json): readonly string[] {
  switch (kind) {
    case "decision":
    case "closing":
      return [modelOf(json["model"]), textOf(json["decidedBy"]) || textOf(json["reason"])];
    case "open":
      return [textOf(json["ended"])];
    case "key":
    case "hold":
    case "policy":
      return [textOf(json["event"]), textOf(json["reason"]), textOf(json["actor"])];
    case "erase":
      return [textOf(json["scope"]), textOf(json["month"]), textOf(json["actor"])];
    case "access":
      return [textOf(json["command"]), textOf(json["actor"]), textOf(json["purpose"])];
    case "prune":
      return [`before ${textOf(json["minimum"])}`, textOf(json["actor"])];
    default:
      return [textOf(json["reason"])];
  }
}

function modelOf(model: unknown): string {
  if (typeof model !== "object" || model === null) return "";
  const { requested, used } = { requested: undefined, used: undefined, ...model };
  const [asked, taken] = [textOf(requested), textOf(used)];
  return taken === "" || taken === asked ? asked : `${asked} -> ${taken}`;
}

function toneOf(verdict: string): "bad" | "good" | "warning" {
  if (verdict === "allow" || verdict === "complete") return "good";
  return verdict === "deny" || verdict === "none" ? "bad" : "warning";
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? plainText(String(value)) : "";
}
