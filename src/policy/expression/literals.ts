import type { CompiledNode } from "./compiled-node.ts";
import { commonType, dyn, listOf, mapOf, type Type } from "./types.ts";
import { EntryMap, failed, type Value } from "./values.ts";

/** A value that is written out. */
export function literal(type: Type, value: Value): CompiledNode {
  return { type, run: () => value, literal: value };
}

/** A list as it is written; it is built once where all of its items are written out. */
export function listNode(items: readonly CompiledNode[]): CompiledNode {
  const type = listOf(itemType(items));
  if (items.every((item) => item.literal !== undefined)) {
    const list = items.map((item) => item.literal ?? null);
    return { type, run: () => list };
  }
  return {
    type,
    run: (facts, local) => {
      const list: Value[] = [];
      for (const { run } of items) {
        const value = run(facts, local);
        if (value === failed) return failed;
        list.push(value);
      }
      return list;
    },
  };
}

/** One entry of a map as it is written. */
export interface MapMember {
  readonly key: CompiledNode;
  readonly value: CompiledNode;
}

/** A map as it is written; a key that is no text, or stands twice, is an error. */
export function mapNode(members: readonly MapMember[]): CompiledNode {
  return {
    type: mapOf(itemType(members.map(({ value }) => value))),
    run: (facts, local) => {
      const map = new Map<string, Value>();
      for (const member of members) {
        const key = member.key.run(facts, local);
        const value = member.value.run(facts, local);
        if (typeof key !== "string" || value === failed || map.has(key)) return failed;
        map.set(key, value);
      }
      return new EntryMap(map);
    },
  };
}

/** The type that all of them have, `dyn` where they differ. */
function itemType(nodes: readonly CompiledNode[]): Type {
  const [first, ...rest] = nodes.map(({ type }) => type);
  return rest.reduce<Type>((type, other) => commonType(type, other) ?? dyn, first ?? dyn);
}
