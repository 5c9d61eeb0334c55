import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { actorOption, boundedText, loginName } from "../log/record-reading.ts";
import { createPaint } from "../paint.ts";
import { type SwitchOrder, switchTargets, throwSwitch } from "../throw-switch.ts";

const positionals = {
  kind: { placeholder: "KIND", summary: Object.keys(switchTargets).join(", ") },
  name: {
    placeholder: "NAME",
    summary: "What to stop, as policies call it; of the platform an app is TENANT/APP",
  },
} as const;

const options = {
  reason: { type: "string", required: true, placeholder: "TEXT", summary: "Why; kept on record" },
  ticket: {
    type: "string",
    placeholder: "TEXT",
    summary: "Where it was asked for; kept on record",
  },
  actor: actorOption,
  config: { type: "string", placeholder: "FILE", summary: "The server's configuration" },
  directory: { type: "string", placeholder: "DIR", summary: "The folder of kill switches itself" },
  namespace: {
    type: "string",
    placeholder: "NAME",
    summary: "Whose switch it is; a tenant's stops its own requests only",
    default: "platform",
  },
} as const;

const done = [
  [exitCodes.done, "the switch is written; servers act on it within 5 seconds"],
  [exitCodes.usage, "the command line was not understood, or the folder could not be used"],
] as const;

/** Stops a tenant, app, principal, model, provider or tool at once. */
export const kill = defineCommand({
  name: "kill",
  summary: "Stop a tenant, app, principal, model, provider or tool at once",
  details: [
    "Writes a KillSwitch document with the next sequence into the folder that servers watch\n(`policies.killSwitches`). It stands above every policy, and only ever restricts.",
  ],
  positionals,
  options: {
    ...options,
    stopStreams: { type: "boolean", summary: "End answers that are running, too" },
  },
  exitCodes: done,
  examples: [
    'chancery kill provider vendorx --reason "Unconfirmed data exposure" --config chancery.yaml',
    'chancery kill app acme/web --stop-streams --reason "INC-7" --config chancery.yaml',
  ],
  run: (input, io) => act({ ...input, active: true }, io),
});

/** Lets traffic that a switch stopped flow again. */
export const unkill = defineCommand({
  name: "unkill",
  summary: "Let what `kill` stopped go on",
  details: [
    "Writes the same document with the next sequence and `active: false`, so that no older copy of it\ncan stop or start anything again.",
  ],
  positionals,
  options,
  exitCodes: done,
  examples: ['chancery unkill provider vendorx --reason "Cleared" --config chancery.yaml'],
  run: (input, io) => act({ ...input, active: false }, io),
});

async function act(given: SwitchOrder, io: Io): Promise<number> {
  const order = {
    ...given,
    // Nothing goes on because nobody knows who wants it stopped.
    actor: boundedText(given.actor ?? loginName(), "--actor"),
    ticket: boundedText(given.ticket, "--ticket"),
  };
  const { file, name, sequence } = await throwSwitch(order, io);
  const paint = createPaint(io);
  const what = `${order.kind} ${order.name}`;
  const said = order.active ? paint("bad", "stopped") : paint("good", "goes on");
  io.stdout.write(`${what}  ${said}  ${name} at sequence ${sequence}, in ${file}\n`);
  return exitCodes.done;
}
