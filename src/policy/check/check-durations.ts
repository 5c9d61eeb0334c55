import type { Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
} from "../documents/document.ts";
import { durationMs } from "../documents/durations.ts";
import { placeProblem } from "../documents/place-problem.ts";

type Exception = DocumentOfKind<"Grant"> | DocumentOfKind<"Incident">;

/** How long an exception lasts unless the Platform document says otherwise (policy-model 6). */
const defaultMax = { Grant: "30d", Incident: "72h" } as const;

/**
 * Finds exceptions that end before they begin or last longer than the platform allows: E05
 * (policy-model 6).
 */
export function findDurationProblems({ own, platform }: NamespaceView): readonly Problem[] {
  const [settings] = documentsOf(platform, "Platform");
  const max = {
    Grant: settings?.spec.grants?.maxDuration ?? defaultMax.Grant,
    Incident: settings?.spec.incidents?.maxDuration ?? defaultMax.Incident,
  };
  return [...documentsOf(own, "Grant"), ...documentsOf(own, "Incident")].flatMap((exception) =>
    wrongLength(exception, max[exception.kind]),
  );
}

function wrongLength(exception: Exception, max: string): readonly Problem[] {
  const field = exception.kind === "Grant" ? "expiresAt" : "activeUntil";
  const until = exception.kind === "Grant" ? exception.spec.expiresAt : exception.spec.activeUntil;
  const lengthMs = Date.parse(until) - Date.parse(exception.spec.activeFrom);
  if (lengthMs > 0 && lengthMs <= durationMs(max)) return [];
  return [
    placeProblem(
      exception,
      { value: field, of: exception.spec },
      {
        code: "E05",
        message:
          lengthMs > 0
            ? `${exception.kind === "Grant" ? "a Grant" : "an Incident"} lasts at most ${max}, and this one lasts longer`
            : `\`${field}\` is not after \`activeFrom\``,
        hint:
          lengthMs > 0
            ? "End it earlier, and renew it by a new version when the time comes."
            : "Exchange the two, or correct them.",
      },
    ),
  ];
}

/** How far ahead watching may end (policy-model 7). */
const watchMax = "30d";

/** Finds `observe` entries that would watch for longer than 30 days from now: E05 (policy-model 7). */
export function findWatchProblems(
  documents: readonly PolicyDocument[],
  nowMs: number | undefined,
): readonly Problem[] {
  if (nowMs === undefined) return [];
  const latestMs = nowMs + durationMs(watchMax);
  return documentsOf(documents, "Platform").flatMap((platform) =>
    (platform.spec.observe ?? [])
      .filter(({ until }) => Date.parse(until) > latestMs)
      .map((entry) =>
        placeProblem(
          platform,
          { value: "until", of: entry },
          {
            code: "E05",
            message: `\`observe\` ends at most ${watchMax} ahead, and this one ends later`,
            hint: "End it earlier, and move the end by a new version when the time comes.",
          },
        ),
      ),
  );
}
