import { toFlag } from "./arguments.ts";
import type { Command, OptionSpec } from "./command.ts";
import type { Paint } from "./paint.ts";

/** The help of the program: what it is for, its verbs, and where to read on. */
export function renderProgramHelp(commands: readonly Command[], paint: Paint): string {
  return paragraphs(paint, [
    ["", ["Governs AI traffic behind Envoy: classify, decide, redact, refuse, route, record."]],
    ["Usage", ["  chancery COMMAND [options]"]],
    ["Commands", columns(commands.map(({ name, summary }) => [name, summary]))],
    [
      "Options",
      columns([
        ["-h, --help", "Show this help, or that of a command"],
        ["-V, --version", "Show the version"],
      ]),
    ],
    ["", ["Run `chancery COMMAND --help` for its options, exit codes and examples."]],
  ]);
}

/** The help of one verb, made from its spec. */
export function renderCommandHelp(command: Command, paint: Paint): string {
  const positionals = Object.values(command.positionals);
  const options = Object.entries(command.options);
  const actions = command.actions?.map(
    ({ name, summary }) => [name.slice(command.name.length + 1), summary] as const,
  );
  const usage = [
    `  chancery ${command.name}`,
    ...(actions === undefined ? [] : ["ACTION"]),
    ...positionals.map(({ isOptional, placeholder }) =>
      isOptional ? `[${placeholder}]` : placeholder,
    ),
    ...options.filter(([, option]) => option.required).map(([key, option]) => flag(key, option)),
    "[options]",
  ].join(" ");
  return paragraphs(paint, [
    ["", [`${command.summary}.`]],
    ...(command.details ?? []).map((text) => ["", [text]] as const),
    ["Usage", [usage]],
    ["Actions", columns(actions ?? [])],
    ["Arguments", columns(positionals.map(({ placeholder, summary }) => [placeholder, summary]))],
    [
      "Options",
      columns([
        ...options.map(([key, option]) => [flag(key, option), describe(option)] as const),
        ["-h, --help", "Show this help"],
      ]),
    ],
    ["Exit codes", columns(command.exitCodes.map(([code, meaning]) => [String(code), meaning]))],
    ["Examples", command.examples.map((line) => `  ${line}`)],
  ]);
}

function flag(key: string, option: OptionSpec): string {
  const name = `${option.short === undefined ? "" : `-${option.short}, `}--${toFlag(key)}`;
  return option.type === "boolean" ? name : `${name} ${option.placeholder ?? "VALUE"}`;
}

function describe(option: OptionSpec): string {
  const notes: string[] = [];
  if (option.choices !== undefined) notes.push(option.choices.join(" or "));
  if (option.default !== undefined) notes.push(`default ${option.default}`);
  if (option.multiple) notes.push("may be repeated");
  return notes.length === 0 ? option.summary : `${option.summary} (${notes.join("; ")})`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** Paragraphs with their headings; one without lines is left out. */
function paragraphs(
  paint: Paint,
  parts: readonly (readonly [heading: string, lines: readonly string[]])[],
): string {
  const texts = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) =>
      [...(heading === "" ? [] : [paint("strong", `${heading}:`)]), ...lines].join("\n"),
    );
  return `${texts.join("\n\n")}\n`;
}
