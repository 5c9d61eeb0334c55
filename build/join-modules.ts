import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { type AstNodeLocation, type Plugin, type RollupLog, rollup } from "rollup";

/**
 * Joins the compiled modules of a folder into its `index.js`, and takes the others away: V8 reads what
 * a module imports through a cell, with a check each time, and takes only constants of the module
 * itself for what they are. What stands outside of the folder stays imported.
 */
export async function joinModules(folder: string): Promise<void> {
  const draft = `${folder}.${randomBytes(4).toString("hex")}`;
  const bundle = await rollup({
    input: join(folder, "index.js"),
    external: (id, _importer, isResolved) =>
      isResolved ? !id.startsWith(`${folder}${sep}`) : !id.startsWith("."),
    plugins: [functionsAsConstants, namesWithoutGuard],
    // What a module does when it is loaded is kept, whoever reads it.
    treeshake: false,
    onwarn: (warning) => refuse(warning),
  });
  await bundle.write({ dir: draft, format: "es", entryFileNames: "index.js" });
  await bundle.close();
  await rm(folder, { recursive: true });
  await rename(draft, folder);
}

/**
 * Functions of the module become constants in front of everything else: a declared one may be given
 * another value, so V8 looks at it before each call.
 */
const functionsAsConstants: Plugin = {
  name: "functions-as-constants",
  renderChunk(code) {
    let functions = "";
    let rest = "";
    let at = 0;
    for (const statement of this.parse(code).body) {
      if (statement.type !== "FunctionDeclaration") continue;
      // The types of the tree are those of its standard, which has no places.
      const { end, id, start } = statement as typeof statement & AstNodeLocation;
      rest += code.slice(at, start);
      functions += `const ${id.name} = ${code.slice(start, end)};\n`;
      at = end;
    }
    return { code: functions + rest + code.slice(at), map: null };
  },
};

/**
 * Private names become plain ones: who reads the sources is kept from them there, and each call of a
 * private method looks first whether its object has it.
 */
const namesWithoutGuard: Plugin = {
  name: "names-without-guard",
  renderChunk(code) {
    if (code.includes(plainPrefix))
      throw new Error(`modules cannot be joined: ${plainPrefix} in use`);
    let plain = "";
    let at = 0;
    for (const { end, name, start } of privateNames(this.parse(code))) {
      plain += code.slice(at, start) + plainPrefix + name;
      at = end;
    }
    return { code: plain + code.slice(at), map: null };
  },
};

const plainPrefix = "$$";

interface PrivateName extends AstNodeLocation {
  readonly type: "PrivateIdentifier";
  readonly name: string;
}

/** The private names in a tree, in the order they stand there. */
function privateNames(tree: unknown): readonly PrivateName[] {
  const found: PrivateName[] = [];
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    if (isPrivateName(node)) found.push(node);
    else open.push(...Object.values(node));
  }
  return found.sort((one, other) => one.start - other.start);
}

function isPrivateName(node: object): node is PrivateName {
  return "type" in node && node.type === "PrivateIdentifier";
}

// Nothing of ours is worth a warning; a circle of modules, say, would read constants too early.
function refuse(warning: RollupLog): never {
  throw new Error(`modules cannot be joined: ${warning.message}`);
}
