import { type PlantedJson, type Planting, renderJson } from "../support/planted-json.ts";
import type { Position } from "./position.ts";

/** Positions that stand in one body together. */
export interface Conversation {
  readonly positions: readonly Position[];
  /** The body with a planting of its own in each position, by the position's place in the list. */
  render(plantingAt: (position: number) => Planting): string;
}

const nothing: Planting = { text: "", number: "0", spelling: "plain" };

/**
 * As few bodies as have all the positions: lists such as those of messages and tools are put together,
 * and what can stand in a body but once begins a new one.
 */
export function conversationsOf(positions: readonly Position[]): readonly Conversation[] {
  const groups: Position[][] = [];
  for (const position of positions) {
    const group = groups.find((others) => others.every((other) => stand(position, other)));
    if (group === undefined) groups.push([position]);
    else group.push(position);
  }
  return groups.map((group) => ({
    positions: group,
    render: (plantingAt) => renderTogether(group, plantingAt),
  }));
}

/** Whether two positions can stand in one body. */
function stand(position: Position, other: Position): boolean {
  if (position.status !== other.status) return false;
  const others = new Map(membersOf(other));
  return membersOf(position).every(([name, value]) => {
    const known = others.get(name);
    if (known === undefined || (isList(known) && isList(value))) return true;
    return known === value || renderJson(known, nothing) === renderJson(value, nothing);
  });
}

function renderTogether(
  positions: readonly Position[],
  plantingAt: (position: number) => Planting,
): string {
  const lists = new Map<string, string[]>();
  const members = new Map<string, string>();
  for (const [index, position] of positions.entries()) {
    const planting = plantingAt(index);
    for (const [name, value] of membersOf(position)) {
      const key = renderJson(name, planting);
      if (isList(value)) {
        const items = value.map((item) => renderJson(item, planting));
        const list = [...(lists.get(key) ?? []), ...items];
        lists.set(key, list);
        members.set(key, `[${list.join(",")}]`);
      } else members.set(key, renderJson(value, planting));
    }
  }
  return `{${[...members].map(([name, value]) => `${name}:${value}`).join(",")}}`;
}

function membersOf({ body }: Position): readonly (readonly [string, PlantedJson])[] {
  return Object.entries(body as Readonly<Record<string, PlantedJson>>);
}

function isList(value: PlantedJson): value is readonly PlantedJson[] {
  return Array.isArray(value);
}
