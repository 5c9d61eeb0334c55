import type { Composer } from "../document.ts";
import type { Field } from "../fields.ts";
import { prose } from "../prose.ts";
import type { Random } from "../random.ts";
import { type Genre, writeIndented, writeInline } from "./genre.ts";

const code: Genre = {
  name: "code",
  spheres: ["secret", "secret", "network"],
  write(to, random, fields) {
    const language = random.pick(languages);
    const comment = language === "python" ? "#" : "//";
    to.write(`${comment} ${prose(random, "engineering", 1)}\n`);
    for (const field of fields) {
      const name = nameFor(field, language);
      to.write(`${declarations[language]}${name}${language === "go" ? " := " : " = "}`);
      const quote = language === "python" ? "'" : '"';
      to.write(quote);
      writeInline(to, field);
      to.write(`${quote}${language === "typescript" || language === "java" ? ";" : ""}\n`);
      if (random.chance(0.4)) to.write(`${comment} ${prose(random, "engineering", 1)}\n`);
    }
    to.write(`${comment} end of ${language} file\n`);
  },
};

const languages = ["typescript", "python", "go", "java"] as const;

type Language = (typeof languages)[number];

const declarations: Readonly<Record<Language, string>> = {
  typescript: "const ",
  python: "",
  go: "",
  java: "private static final String ",
};

function nameFor(field: Field, language: Language): string {
  const snake = field.key.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  if (language === "java") return snake.toUpperCase();
  if (language === "python") return snake;
  return snake.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const logs: Genre = {
  name: "logs",
  spheres: ["network", "network", "secret", "personal"],
  write(to, random, fields) {
    for (const field of fields) {
      to.write(
        `2024-0${random.between(1, 9)}-1${random.between(0, 9)}T0${random.between(0, 9)}:${random.between(10, 59)}:${random.between(10, 59)}.${random.digits(3)}Z `,
      );
      to.write(
        `${random.pick(["INFO", "WARN", "ERROR", "DEBUG"])} [${random.pick(["api", "worker-3", "gateway"])}] `,
      );
      const isQuoted = / /.test(field.value.text + (field.value.lead ?? ""));
      to.write(
        `${random.pick(["request done", "user updated", "retrying"])} ${field.key}=${isQuoted ? '"' : ""}`,
      );
      writeInline(to, field);
      to.write(
        `${isQuoted ? '"' : ""} status=${random.pick([200, 201, 404, 503])} took=${random.between(2, 900)}ms\n`,
      );
    }
  },
};

const config: Genre = {
  name: "config",
  spheres: ["secret", "secret", "network"],
  write(to, random, fields) {
    const isYaml = random.chance(0.5);
    to.write(isYaml ? "service:\n  replicas: 3\n" : "NODE_ENV=production\nPORT=8080\n");
    for (const field of fields) {
      if (isYaml) writeYaml(to, field);
      else writeVariable(to, random, field);
    }
  },
};

function writeYaml(to: Composer, field: Field): void {
  const isBlock = field.value.text.includes("\n");
  to.write(isBlock ? `  ${field.key}: |\n    ` : `  ${field.key}: "`);
  writeIndented(to, field, "    ");
  to.write(isBlock ? "\n" : '"\n');
}

function writeVariable(to: Composer, random: Random, field: Field): void {
  const name = field.key.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
  const quote = /[\s#;]/.test(`${field.value.lead ?? ""}${field.value.text}`) ? '"' : "";
  to.write(`${random.pick(["", "", "export "])}${name}=${quote}`);
  writeInline(to, field);
  to.write(`${quote}\n`);
}

export const machines: readonly Genre[] = [code, logs, config];
