// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts in the shells' own language
import { toFlag } from "./arguments.ts";
import type { Command } from "./command.ts";

/** Makes the completion script of one shell. Arguments that are no options complete as files. */
export type CompletionScript = (commands: readonly Command[]) => string;

/** By the name of the shell. */
export const completionScripts: Readonly<Record<string, CompletionScript>> = { bash, zsh, fish };

interface Flag {
  readonly name: string;
  readonly summary: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

function flagsOf({ actions = [], options }: Command): readonly Flag[] {
  const own = Object.entries(options).map(([key, option]) => ({
    name: `--${toFlag(key)}`,
    summary: option.summary,
    takesValue: option.type === "string",
    choices: option.choices ?? [],
  }));
  const ofActions = new Map(
    actions.flatMap(flagsOf).map((flag) => [flag.name, flag] as const),
  ).values();
  if (actions.length > 0) return [...ofActions];
  return [...own, { name: "--help", summary: "Show this help", takesValue: false, choices: [] }];
}

/** What can stand behind a verb that is a group; nothing for any other. */
function actionsOf({ actions = [], name }: Command): readonly string[] {
  return actions.map((action) => action.name.slice(name.length + 1));
}

function bash(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.flatMap((command) => {
    const flags = flagsOf(command);
    const values = flags.filter(({ takesValue }) => takesValue);
    return [
      `    ${command.name})`,
      `      case "$previous" in`,
      ...values.map(({ name, choices }) => `        ${name}) ${bashValues(choices)}; return ;;`),
      "      esac",
      `      words="${flags.map(({ name }) => name).join(" ")}"`,
      ...bashActions(command),
      "      ;;",
    ];
  });
  return lines([
    "# bash completion of chancery",
    "_chancery() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names} --help --version" -- "$current"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  case "$current" in',
    '    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$current")) ;;',
    "  esac",
    "}",
    "complete -o filenames -F _chancery chancery",
  ]);
}

function bashActions(command: Command): readonly string[] {
  const actions = actionsOf(command);
  if (actions.length === 0) return [];
  return [
    `      if [ "$COMP_CWORD" -eq 2 ]; then`,
    `        COMPREPLY=($(compgen -W "${actions.join(" ")} --help" -- "$current"))`,
    "        return",
    "      fi",
  ];
}

function bashValues(choices: readonly string[]): string {
  return choices.length === 0
    ? 'COMPREPLY=($(compgen -f -- "$current"))'
    : `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$current"))`;
}

function zsh(commands: readonly Command[]): string {
  const verbs = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.flatMap((command) => [
    `    ${command.name})`,
    "      _arguments \\",
    ...flagsOf(command).map((flag) => `        ${quoted(zshOption(flag))} \\`),
    ...zshActions(command),
    `        ${quoted("*:file:_files")}`,
    "      ;;",
  ]);
  return lines([
    "#compdef chancery",
    "# zsh completion of chancery",
    "_chancery() {",
    "  local -a verbs",
    "  verbs=(",
    ...verbs,
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe command verbs",
    "    return",
    "  fi",
    "  local verb=${words[2]}",
    "  shift words",
    "  (( CURRENT-- ))",
    "  case $verb in",
    ...cases,
    "  esac",
    "}",
    'if [ "$funcstack[1]" = "_chancery" ]; then _chancery "$@"; else compdef _chancery chancery; fi',
  ]);
}

function zshActions(command: Command): readonly string[] {
  const actions = actionsOf(command);
  return actions.length === 0 ? [] : [`        ${quoted(`1:action:(${actions.join(" ")})`)} \\`];
}

function zshOption({ name, summary, takesValue, choices }: Flag): string {
  // Brackets and colons end the parts of a specification.
  const head = `${name}[${summary.replace(/[[\]:\\]/g, "\\$&")}]`;
  if (!takesValue) return head;
  return choices.length === 0 ? `${head}:value:_files` : `${head}:value:(${choices.join(" ")})`;
}

function fish(commands: readonly Command[]): string {
  const verbs = commands.map(
    ({ name, summary }) =>
      `complete -c chancery -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
  );
  const actions = commands.flatMap((command) =>
    actionsOf(command).length === 0
      ? []
      : [
          [
            `complete -c chancery -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`,
            `-a ${quoted(actionsOf(command).join(" "))}`,
          ].join(" "),
        ],
  );
  const flags = commands.flatMap((command) =>
    flagsOf(command).map(({ name, summary, takesValue, choices }) =>
      [
        `complete -c chancery -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`,
        `-l ${name.slice(2)} -d ${quoted(summary)}`,
        ...(takesValue ? ["-r"] : []),
        ...(choices.length === 0 ? [] : [`-f -a ${quoted(choices.join(" "))}`]),
      ].join(" "),
    ),
  );
  return lines(["# fish completion of chancery", ...verbs, ...actions, ...flags]);
}

/** One word for any of the shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
