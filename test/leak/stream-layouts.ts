/** Where texts stand in a stream beside the data of its events, whatever the format (WHATWG SSE 9.2). */
import { mark } from "../support/planted-json.ts";
import type { StreamPosition } from "./position.ts";

/** The same positions for each format, with the events around them. */
export function layoutPositions(frame: {
  readonly before: readonly string[];
  readonly after: readonly string[];
}): readonly StreamPosition[] {
  const raw = (name: string, text: string, lineBreak = "\\n"): StreamPosition => ({
    name,
    handling: "guarded",
    ...frame,
    piece: { raw: text, lineBreak },
    isWhole: true,
  });
  return [
    raw("a comment", `: ${mark}\n\n`),
    raw("a comment without a blank line", `: ${mark}\n`),
    raw("the name of an event", `event: ${mark}\ndata: {}\n\n`),
    raw("the id of an event", `id: ${mark}\ndata: {}\n\n`),
    raw("a retry field", `retry: ${mark}\n\n`),
    raw("a field nobody knows", `note: ${mark}\ndata: {}\n\n`),
    raw("a field without a colon", `${mark}\n\n`),
    raw("data that is no JSON", `data: ${mark}\n\n`),
    raw("data that is no JSON, on several lines", `data: ${mark}\n\n`, "\ndata: "),
    raw("data on two lines", `data: {"note":\ndata: "${mark}"}\n\n`),
    raw("data that is JSON cut off", `data: {"note": "${mark}\n\n`),
    raw("two JSON values in one event", `data: {"a":1}\ndata: {"note":"${mark}"}\n\n`),
    raw("an event with CRLF", `data: {"note":"${mark}"}\r\n\r\n`),
    raw("an event with CR", `data: {"note":"${mark}"}\r\r`),
    raw("an event without the space", `data:{"note":"${mark}"}\n\n`),
  ];
}

/** What can stand behind the last event. */
export function tailPositions(frame: readonly string[]): readonly StreamPosition[] {
  const tail = (name: string, text: string): StreamPosition => ({
    name,
    handling: "guarded",
    before: frame,
    piece: { raw: text, lineBreak: "\\n" },
    after: [],
    isWhole: true,
  });
  return [
    tail("an event behind the last", `data: {"note":"${mark}"}\n\n`),
    tail("an event without its blank line", `data: {"note":"${mark}"}\n`),
    tail("an event without a line end", `data: {"note":"${mark}"}`),
    tail("a comment at the very end", `: ${mark}`),
    tail("text that is no event", `${mark}`),
  ];
}
