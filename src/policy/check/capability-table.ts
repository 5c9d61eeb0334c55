import { requestParams } from "../../domain/index.ts";
import { type Capability, capabilities, type Reach } from "./capabilities.ts";

const words: Readonly<Record<Reach, string>> = {
  yes: "carried out",
  recorded: "recorded only",
  no: "does not load",
};

/** The page `docs/policy/capabilities.md`, made from the table that the loader goes by. */
export function capabilityPage(): string {
  return [
    "# What is carried out, and where",
    "",
    "A rule that asks for what cannot be carried out does not load (problem E09). This page is made",
    "from the table that the loader goes by. The last column says whether an effect needs the bodies",
    "of answers: with `NONE` as the only mode in `bodyModes.response`, rules that act on answers alone",
    "do not load, and a request whose answer some other rule must judge is refused.",
    "",
    "| effect | point | OpenAI Chat Completions | Anthropic Messages | needs answers | how |",
    "| --- | --- | --- | --- | --- | --- |",
    ...capabilities.map(rowOf),
    "",
    "## Parameters",
    "",
    "`transform.params` bounds these. `maxTokens` is the language's own word; all others are called as",
    "the formats call them. Where a request has no `maxTokens`, providers whose name begins with",
    "`openai` or `azure` get `max_completion_tokens`, and all others `max_tokens`.",
    "",
    "| parameter | OpenAI Chat Completions | Anthropic Messages |",
    "| --- | --- | --- |",
    ...Object.entries(requestParams).map(
      ([name, { anthropicMessages, openaiChat }]) =>
        `| \`${name}\` | ${fields(openaiChat)} | ${fields(anthropicMessages)} |`,
    ),
    "",
  ].join("\n");
}

function rowOf(row: Capability): string {
  const formats = `${words[row.openaiChat]} | ${words[row.anthropicMessages]}`;
  const needs = row.withoutAnswers ? "no" : "yes";
  return `| \`${row.effect}\` | ${row.point} | ${formats} | ${needs} | ${row.note} |`;
}

function fields(names: readonly string[] | undefined): string {
  return names === undefined ? "none" : names.map((name) => `\`${name}\``).join(", ");
}
