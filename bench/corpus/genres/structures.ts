import { Composer, jsonCharacter } from "../document.ts";
import type { Field } from "../fields.ts";
import { prose } from "../prose.ts";
import { type Genre, writeIndented, writeInline } from "./genre.ts";

const json: Genre = {
  name: "json",
  spheres: ["personal", "government", "health", "financial", "network", "secret"],
  write(to, random, fields) {
    const gap = random.pick(["", "\n  "]);
    const space = gap === "" ? "" : " ";
    to.write("{");
    for (const [index, field] of fields.entries()) {
      const nested = random.chance(0.25);
      to.write(`${index === 0 ? "" : ","}${gap}`);
      if (nested)
        to.write(`"${random.pick(["data", "profile", "meta", "details"])}${index}":${space}{`);
      to.write(`"${field.key}":${space}"`);
      to.append(new Composer().value(field.value), jsonCharacter);
      to.write(nested ? '"}' : '"');
    }
    to.write(`,${gap}"active":${space}true${gap === "" ? "" : "\n"}}`);
  },
};

const csv: Genre = {
  name: "csv",
  spheres: ["personal", "financial", "government"],
  write(to, random, fields) {
    const joint = random.pick([",", ",", ";", "\t"]);
    to.write(["id", ...fields.map((field) => field.key), "status"].join(joint)).write("\n");
    to.write(random.shape("####"));
    for (const field of fields) {
      to.write(joint);
      writeCell(to, field, joint);
    }
    to.write(`${joint}${random.pick(["open", "paid", "new"])}\n`);
  },
};

function writeCell(to: Composer, field: Field, joint: string): void {
  const { text, lead = "", tail = "" } = field.value;
  const quote = `${lead}${text}${tail}`.includes(joint) ? '"' : "";
  to.write(quote);
  writeInline(to, field);
  to.write(quote);
}

const markdown: Genre = {
  name: "markdown",
  spheres: ["personal", "government", "health", "financial", "network", "secret"],
  write(to, random, fields) {
    to.write(
      `# ${random.pick(["Onboarding", "Runbook", "Customer file"])}\n\n${prose(random, "office", 2)}\n\n`,
    );
    if (random.chance(0.5)) {
      to.write("| Field | Value |\n| --- | --- |\n");
      for (const field of fields) {
        to.write(`| ${field.label} | `);
        writeInline(to, field);
        to.write(" |\n");
      }
      return;
    }
    for (const field of fields) {
      const mark = field.value.text.includes("\n") ? "" : random.pick(["`", ""]);
      to.write(`- **${field.label}**: ${mark}`);
      writeIndented(to, field, "  ");
      to.write(`${mark}\n`);
    }
  },
};

const form: Genre = {
  name: "form",
  spheres: ["personal", "government", "health", "financial"],
  write(to, random, fields) {
    to.write(`${random.pick(["APPLICATION FORM", "Registration", "Claim form B-12"])}\n\n`);
    const style = random.pick([": ", ":\n  ", " ........ ", ":    "]);
    for (const field of fields) to.write(`${field.label}${style}`).value(field.value).write("\n");
    to.write(`\n${random.pick(["Signature: ____________", "[x] I agree to the terms"])}`);
  },
};

const html: Genre = {
  name: "html",
  spheres: ["personal", "government", "health", "financial", "network"],
  write(to, random, fields) {
    const isXml = random.chance(0.5);
    to.write(isXml ? '<?xml version="1.0"?>\n<record>\n' : '<table class="grid">\n');
    for (const field of fields) {
      to.write(isXml ? `  <${field.key}>` : `  <tr><th>${field.label}</th><td>`);
      writeInline(to, field);
      to.write(isXml ? `</${field.key}>\n` : "</td></tr>\n");
    }
    to.write(isXml ? "</record>" : "</table>");
  },
};

export const structures: readonly Genre[] = [json, csv, markdown, form, html];
