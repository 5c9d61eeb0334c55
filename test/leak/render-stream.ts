import { mark, type Planting, renderJson, type Spelling } from "../support/planted-json.ts";
import { holdsNumber, type StreamPosition } from "./position.ts";

/** The text that the events of a position carry, before it is cut. */
export function textOf(position: StreamPosition, planting: Planting): string {
  return position.inner === undefined ? planting.text : renderJson(position.inner, planting);
}

/** A stream that carries these pieces, an event for each. */
export function renderStream(
  position: StreamPosition,
  planting: Planting,
  pieces: readonly string[],
): string {
  const events = pieces.map((text) => renderPiece(position, { ...planting, text }));
  const { after, before, between = "" } = position;
  return [...before, events.join(between), ...after].join("");
}

function renderPiece(position: StreamPosition, planting: Planting): string {
  const { piece, inner } = position;
  if ("raw" in piece) {
    const text = planting.text.replaceAll("\n", piece.lineBreak);
    return piece.raw.replaceAll(mark, () => text);
  }
  // The text of an inner document was spelled when that was rendered.
  const spelling: Spelling = inner === undefined ? planting.spelling : "plain";
  const data = renderJson(piece.data, { ...planting, spelling });
  return `${piece.event === undefined ? "" : `event: ${piece.event}\n`}data: ${data}\n\n`;
}

/** Whether a position can only hold a value that is a number. */
export function streamNeedsNumber({ inner, piece }: StreamPosition): boolean {
  return holdsNumber(inner) || ("data" in piece && holdsNumber(piece.data));
}
