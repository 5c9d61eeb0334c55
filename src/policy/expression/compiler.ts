import { variablesFor } from "./attributes.ts";
import { compileCall } from "./calls.ts";
import { ClaimReads } from "./claim-reads.ts";
import type { CompiledNode, Run } from "./compiled-node.ts";
import {
  type Complaint,
  keyNotText,
  nested,
  notOfProfile,
  numberTooLarge,
  tooManyParts,
  unguarded,
  unknownName,
  useProblem,
} from "./complaints.ts";
import type { ExpressionProblem, ExpressionUse, ReadVariable } from "./expression.ts";
import { anyKey, Guards } from "./guards.ts";
import { expressionNodesMax } from "./limits.ts";
import { listNode, literal, type MapMember, mapNode } from "./literals.ts";
import { compileMacro, itemTypeOf, type MacroParts, readMacro } from "./macros.ts";
import { index, orFailed } from "./operators.ts";
import type { ParsedExpression, SyntaxNode, SyntaxOf } from "./parse-expression.ts";
import {
  bool,
  describeType,
  double,
  dyn,
  type Field,
  int,
  nothing,
  type ObjectType,
  string,
  type Type,
} from "./types.ts";
import { failed, MapValue } from "./values.ts";

/** The variable of a macro, while its parts are compiled. */
interface Local {
  readonly name: string;
  readonly type: Type;
}

/** Checks one tree against the tables of policy-model 3.1 and turns it into functions. */
export class Compiler {
  readonly #parsed: ParsedExpression;
  readonly #use: ExpressionUse;
  readonly #variables: ReadonlyMap<string, Field>;
  readonly #guards = new Guards();
  readonly #claims = new ClaimReads();
  #local: Local | undefined;
  #nodes = 0;
  readonly reads = new Set<ReadVariable>();
  readonly problems: ExpressionProblem[] = [];

  constructor(parsed: ParsedExpression, use: ExpressionUse) {
    this.#parsed = parsed;
    this.#use = use;
    this.#variables = variablesFor(use);
  }

  /** The claims that are read; undefined where any may be. */
  get claims(): ReadonlySet<string> | undefined {
    return this.#claims.names;
  }

  /** The whole tree; what is wrong with it is among the problems afterwards. */
  compileRoot(): CompiledNode {
    const node = this.#compile(this.#parsed.root);
    for (const { path, offset } of this.#guards.unguarded()) {
      this.#report("W19", offset, unguarded(path));
    }
    return node;
  }

  #compile(node: SyntaxNode): CompiledNode {
    this.#nodes += 1;
    if (this.#nodes > expressionNodesMax) return this.#refuseSize(node);
    const { exprKind } = node;
    switch (exprKind.case) {
      case "constExpr":
        return this.#constant(node, exprKind.value);
      case "identExpr":
        return this.#identifier(node, exprKind.value.name);
      case "selectExpr":
        return this.#selection(node, exprKind.value);
      case "callExpr":
        return this.#call(node, exprKind.value);
      case "listExpr":
        return listNode(exprKind.value.elements.map((element) => this.#compile(element)));
      case "structExpr":
        return this.#map(node, exprKind.value);
      case "comprehensionExpr":
        return this.#macro(node, exprKind.value);
      default:
        return this.#refuse(node, notOfProfile("this"));
    }
  }

  #constant(node: SyntaxNode, { constantKind }: SyntaxOf<"constExpr">): CompiledNode {
    switch (constantKind.case) {
      case "boolValue":
        return literal(bool, constantKind.value);
      case "stringValue":
        return literal(string, constantKind.value);
      case "nullValue":
        return literal(nothing, null);
      case "int64Value":
        return BigInt.asIntN(64, constantKind.value) === constantKind.value
          ? literal(int, constantKind.value)
          : this.#refuse(node, numberTooLarge);
      case "doubleValue":
        return Number.isFinite(constantKind.value)
          ? literal(double, constantKind.value)
          : this.#refuse(node, numberTooLarge);
      case "uint64Value":
        return this.#refuse(node, notOfProfile("an unsigned number"));
      case "bytesValue":
        return this.#refuse(node, notOfProfile("a text of bytes"));
      default:
        return this.#refuse(node, notOfProfile("this literal"));
    }
  }

  #identifier(node: SyntaxNode, name: string): CompiledNode {
    if (this.#local?.name === name) return { type: this.#local.type, run: (_, item) => item };
    const variable = this.#variables.get(name);
    if (variable === undefined) {
      return this.#refuse(
        node,
        unknownName(`there is no variable \`${name}\``, name, this.#variables),
      );
    }
    const refused = this.#refuseUse(node, variable, name);
    if (refused !== undefined) return refused;
    this.reads.add(name as ReadVariable);
    const { read, type } = variable;
    const run: Run = (facts) => orFailed(read(facts, facts));
    return { type, run, path: name, isAttribute: true };
  }

  #selection(node: SyntaxNode, { operand, field, testOnly }: SyntaxOf<"selectExpr">): CompiledNode {
    if (operand === undefined) return this.#refuse(node, notOfProfile("this"));
    const owner = this.#compile(operand);
    switch (owner.type.kind) {
      case "object":
        return this.#attribute(node, { owner, type: owner.type, name: field, isTest: testOnly });
      case "map":
      case "dyn":
        return this.#entry(node, owner, literal(string, field), testOnly);
      default: {
        const type = describeType(owner.type);
        return this.#refuse(node, {
          message: `\`.${field}\` is asked of ${type}, which has no attributes`,
          hint: "Only variables and maps have attributes.",
        });
      }
    }
  }

  #attribute(
    node: SyntaxNode,
    at: {
      readonly owner: CompiledNode;
      readonly type: ObjectType;
      readonly name: string;
      readonly isTest: boolean;
    },
  ): CompiledNode {
    const { owner, type, name, isTest } = at;
    const field = type.fields.get(name);
    if (field === undefined) {
      const what = `${describeType(type)} has no attribute \`${name}\``;
      return this.#refuse(node, unknownName(what, name, type.fields));
    }
    const refused = this.#refuseUse(node, field, `${type.name}.${name}`);
    if (refused !== undefined) return refused;
    if (field.counts !== undefined) this.reads.add(field.counts);
    this.#claims.noteAttribute(field);
    const path = owner.path && `${owner.path}.${name}`;
    if (isTest) return this.#presence(owner, field, path);
    if (owner.isOpen && owner.path) this.#noteRead(node, owner.path);
    return {
      type: field.type,
      run: readField(owner.run, field),
      ...(path !== undefined && { path }),
      ...(owner.isAttribute && { isAttribute: true }),
      ...(field.isOpen && { isOpen: true }),
    };
  }

  #presence(owner: CompiledNode, { read }: Field, path: string | undefined): CompiledNode {
    if (path !== undefined) this.#guards.noteTest(path);
    const { run: runOwner, isAttribute } = owner;
    const run: Run = (facts, item) => {
      const value = runOwner(facts, item);
      // Nothing below a variable is there where the variable itself is not.
      if (value === failed) return isAttribute ? false : failed;
      const part = read(value as object, facts);
      return part === failed ? failed : part !== undefined;
    };
    return { type: bool, run };
  }

  /** A member of a map, or of what may turn out to be one. */
  #entry(node: SyntaxNode, owner: CompiledNode, key: CompiledNode, isTest: boolean): CompiledNode {
    const type = owner.type.kind === "map" ? owner.type.value : dyn;
    const named = textOf(key);
    this.#claims.noteEntry(owner.path, named);
    const name = named ?? anyKey;
    const path = owner.path && `${owner.path}.${name}`;
    const { run: runOwner } = owner;
    const { run: runKey } = key;
    if (isTest) {
      if (path !== undefined) this.#guards.noteTest(path);
      return {
        type: bool,
        run: (facts, item) => {
          const map = runOwner(facts, item);
          if (map instanceof MapValue) return map.has(name);
          // What may be missing has no entries where the variable it belongs to is missing.
          return map === failed && owner.isOpen ? false : failed;
        },
      };
    }
    if (owner.isOpen && path) this.#noteRead(node, path);
    return {
      type,
      run: (facts, item) => index(runOwner(facts, item), runKey(facts, item)),
      ...(path !== undefined && { path }),
    };
  }

  #call(node: SyntaxNode, call: SyntaxOf<"callExpr">): CompiledNode {
    const { target, args, function: name } = call;
    const written = target === undefined ? args : [target, ...args];
    const nodes = written.map((part) => this.#compile(part));
    const [first, second] = nodes;
    if (name === "_[_]" && first && second) return this.#index(node, first, second);
    if (name === "@in" && first && second) this.#noteMembership(first, second);
    const compiled = compileCall(name, nodes, target !== undefined);
    return "message" in compiled ? this.#refuse(node, compiled) : compiled;
  }

  #index(node: SyntaxNode, owner: CompiledNode, key: CompiledNode): CompiledNode {
    const { kind } = owner.type;
    const wanted: readonly Type["kind"][] =
      kind === "map" ? ["string"] : kind === "list" ? ["int"] : ["string", "int"];
    if ((kind === "map" || kind === "list" || kind === "dyn") && isKind(key.type, wanted)) {
      if (kind !== "list") return this.#entry(node, owner, key, false);
      const { run: runOwner } = owner;
      const { run: runKey } = key;
      const { item } = owner.type as Extract<Type, { kind: "list" }>;
      return {
        type: item,
        run: (facts, local) => index(runOwner(facts, local), runKey(facts, local)),
      };
    }
    return this.#refuse(node, {
      message: `\`[…]\` is asked of ${describeType(owner.type)} with ${describeType(key.type)}`,
      hint: "Lists take whole numbers, maps take texts; attributes are written with a dot.",
    });
  }

  #noteMembership(key: CompiledNode, container: CompiledNode): void {
    if (container.path === undefined) return;
    const name = textOf(key);
    this.#claims.noteEntry(container.path, name);
    this.#guards.noteTest(`${container.path}.${name ?? anyKey}`);
  }

  #map(node: SyntaxNode, { messageName, entries }: SyntaxOf<"structExpr">): CompiledNode {
    if (messageName !== "") return this.#refuse(node, notOfProfile(`\`${messageName}{…}\``));
    const members: MapMember[] = [];
    for (const { keyKind, value } of entries) {
      if (keyKind.case !== "mapKey" || value === undefined) {
        return this.#refuse(node, notOfProfile("this"));
      }
      members.push({ key: this.#compile(keyKind.value), value: this.#compile(value) });
    }
    const areTexts = members.every(({ key }) => isKind(key.type, ["string"]));
    return areTexts ? mapNode(members) : this.#refuse(node, keyNotText);
  }

  #macro(node: SyntaxNode, expanded: SyntaxOf<"comprehensionExpr">): CompiledNode {
    const name = this.#parsed.macroOf(node) ?? "";
    const macro = readMacro(name, expanded);
    if (macro === undefined) return this.#refuse(node, notOfProfile("this macro"));
    const range = this.#compile(macro.range);
    if (this.#local !== undefined) return this.#refuse(node, nested);
    const type = itemTypeOf(range.type);
    if (type === undefined) {
      return this.#refuse(node, {
        message: `\`${name}\` goes through ${describeType(range.type)}`,
        hint: "It takes a list, or a map for its keys.",
      });
    }
    // Whatever keys it goes through are there.
    if (range.path !== undefined) this.#guards.noteTest(`${range.path}.${anyKey}`);
    this.#local = { name: macro.variable, type };
    const test = macro.test && this.#compile(macro.test);
    const step = macro.step && this.#compile(macro.step);
    this.#local = undefined;
    return this.#checkedMacro(node, name, { range, test, step });
  }

  #checkedMacro(node: SyntaxNode, name: string, parts: MacroParts): CompiledNode {
    if (parts.test !== undefined && !isKind(parts.test.type, ["bool"])) {
      return this.#refuse(node, {
        message: `the test of \`${name}\` gives ${describeType(parts.test.type)}, not bool`,
        hint: "Write a comparison.",
      });
    }
    return compileMacro(name, parts);
  }

  #noteRead(node: SyntaxNode, path: string): void {
    this.#guards.noteRead({ path, offset: this.#parsed.offsetOf(node) });
  }

  #refuseUse(node: SyntaxNode, { only }: Field, name: string): CompiledNode | undefined {
    if (only === undefined || only.includes(this.#use)) return undefined;
    return this.#refuse(node, useProblem(name, this.#use));
  }

  #refuseSize(node: SyntaxNode): CompiledNode {
    if (this.#nodes > expressionNodesMax + 1) return poison;
    return this.#refuse(node, tooManyParts);
  }

  #refuse(node: SyntaxNode, complaint: Complaint): CompiledNode {
    this.#report("E04", this.#parsed.offsetOf(node), complaint);
    return poison;
  }

  #report(code: "E04" | "W19", offset: number | undefined, complaint: Complaint): void {
    this.problems.push({ code, ...complaint, ...(offset !== undefined && { offset }) });
  }
}

/** Stands for what was refused, of a type that nothing else is said about. */
const poison: CompiledNode = { type: dyn, run: () => failed };

function readField(run: Run, { read }: Field): Run {
  return (facts, item) => {
    const owner = run(facts, item);
    return owner === failed ? failed : orFailed(read(owner as object, facts));
  };
}

function textOf({ literal }: CompiledNode): string | undefined {
  return typeof literal === "string" ? literal : undefined;
}

function isKind({ kind }: Type, wanted: readonly Type["kind"][]): boolean {
  return kind === "dyn" || wanted.includes(kind);
}
