import { type Command, defineCommand } from "../command.ts";
import { completionScripts } from "../completion-scripts.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

/** Makes the verb that prints a completion script for the other verbs and itself. */
export function completionOf(others: readonly Command[]): Command {
  const completion = defineCommand({
    name: "completion",
    summary: "Print a completion script for a shell",
    details: [
      "The script is made from the commands of this very version; print it again after an update.",
    ],
    positionals: {
      shell: { placeholder: "SHELL", summary: Object.keys(completionScripts).join(", ") },
    },
    options: {},
    exitCodes: [
      [exitCodes.done, "the script is printed"],
      [exitCodes.usage, "the command line was not understood"],
    ],
    examples: [
      "source <(chancery completion bash)",
      "chancery completion zsh > ~/.zfunc/_chancery",
      "chancery completion fish > ~/.config/fish/completions/chancery.fish",
    ],
    async run({ shell }, io) {
      const render = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined;
      if (render === undefined) {
        throw new UsageError(
          `No completion for "${shell}".`,
          `Name one of ${Object.keys(completionScripts).join(", ")}.`,
        );
      }
      io.stdout.write(render([...others, completion]));
      return exitCodes.done;
    },
  });
  return completion;
}
