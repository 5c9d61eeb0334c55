import type { Composer } from "../document.ts";
import type { Field } from "../fields.ts";
import { prose } from "../prose.ts";
import type { Random } from "../random.ts";
import type { Genre } from "./genre.ts";

/** Turns of a chat, some with a value in a sentence. */
const chat: Genre = {
  name: "chat",
  spheres: ["personal", "government", "health", "financial", "network", "secret"],
  write(to, random, fields) {
    const speakers = random.pick([
      ["User", "Assistant"],
      ["customer", "agent"],
      ["A", "B"],
    ]);
    for (const [turn, field] of fields.entries()) {
      to.write(`${speakers[turn % 2]}: `);
      if (random.chance(0.5)) to.write(`${prose(random, "support", 1)} `);
      to.fill(field.sentence, field.value).write("\n");
      if (random.chance(0.3))
        to.write(`${speakers[(turn + 1) % 2]}: ${prose(random, "support", 1)}\n`);
    }
  },
};

const mail: Genre = {
  name: "mail",
  spheres: ["personal", "government", "health", "financial", "network"],
  write(to, random, fields) {
    const [first, ...others] = fields;
    to.write(
      `Subject: ${random.pick(["Re: next steps", "Documents", "Question about the transfer", "Fwd: forms"])}\n\n`,
    );
    to.write(
      `${random.pick(["Hello all,", "Hi,", "Dear team,"])}\n\n${prose(random, "office", 2)}\n`,
    );
    if (first !== undefined) to.fill(first.sentence, first.value).write("\n\n");
    for (const field of others) writeMailField(to, random, field);
    to.write(
      `\n${prose(random, "office", 1)}\n\n${random.pick(["Best regards", "Thanks", "Kind regards"])}\n`,
    );
  },
};

function writeMailField(to: Composer, random: Random, field: Field): void {
  if (random.chance(0.5)) {
    to.write(`${field.label}: `).value(field.value).write("\n");
    return;
  }
  if (random.chance(0.3)) to.write("> ");
  to.write(`${prose(random, "office", 1)} `)
    .fill(field.sentence, field.value)
    .write("\n");
}

const support: Genre = {
  name: "support",
  spheres: ["personal", "financial", "network", "secret"],
  write(to, random, fields) {
    to.write(`Ticket ${random.shape("T-######")} · priority ${random.pick(["low", "high"])}\n`);
    to.write(`${prose(random, "support", 2)}\n\n`);
    for (const field of fields) {
      const after = random.chance(0.15) && !field.value.text.includes("\n");
      if (after) to.value(field.value).write(` (${field.label})\n`);
      else if (random.chance(0.5)) to.write(`- ${field.label}: `).value(field.value).write("\n");
      else to.fill(field.sentence, field.value).write(` ${prose(random, "support", 1)}\n`);
    }
    to.write(`\n[agent note] ${prose(random, "support", 1)}`);
  },
};

const medical: Genre = {
  name: "medical",
  spheres: ["health", "health", "personal"],
  write(to, random, fields) {
    to.write(`${random.pick(["DISCHARGE SUMMARY", "PROGRESS NOTE", "REFERRAL LETTER"])}\n\n`);
    for (const [index, field] of fields.entries()) {
      to.write(`${field.label}${random.pick([": ", ": ", " "]) === " " ? " " : ": "}`);
      to.value(field.value).write(index % 2 === 0 && random.chance(0.5) ? "    " : "\n");
    }
    to.write(
      `\n\nAssessment: ${prose(random, "medical", 3)}\nPlan: ${prose(random, "medical", 2)}`,
    );
  },
};

const legal: Genre = {
  name: "legal",
  spheres: ["personal", "government", "financial"],
  write(to, random, fields) {
    to.write(`${random.pick(["LEASE AGREEMENT", "SETTLEMENT", "POWER OF ATTORNEY"])}\n\n`);
    for (const [index, field] of fields.entries()) {
      to.write(`${index + 1}. ${prose(random, "legal", 1)} `);
      if (random.chance(0.5)) to.write(`(${field.label}: `).value(field.value).write(").\n");
      else to.fill(field.sentence, field.value).write(` ${prose(random, "legal", 1)}\n`);
    }
  },
};

export const conversations: readonly Genre[] = [chat, mail, support, medical, legal];
