import { type Problem, sortProblems } from "../../base/index.ts";
import { findContradictions } from "../check/check-contradictions.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  type PolicyFile,
} from "../documents/document.ts";
import { parsePolicies } from "../documents/parse.ts";
import { placeProblem } from "../documents/place-problem.ts";

/** Kill switches as their folder has them, and what is wrong with the rest of it. */
export interface KillSwitchDocuments {
  readonly documents: readonly DocumentOfKind<"KillSwitch">[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the files of the fast channel (policy-model 6). One that has a problem is left out by itself:
 * what stops traffic must not wait for a mistake elsewhere.
 */
export function readKillSwitchFiles(files: readonly PolicyFile[]): KillSwitchDocuments {
  const documents: DocumentOfKind<"KillSwitch">[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const parsed = parsePolicies([file]);
    problems.push(...parsed.problems);
    for (const document of parsed.documents) {
      const found = [...misplaced(document), ...findContradictions([document])];
      problems.push(...found);
      const isFit = document.isWhole && found.length === 0;
      if (isFit) documents.push(...documentsOf([document], "KillSwitch"));
    }
  }
  return { documents, problems: sortProblems(problems) };
}

function misplaced(document: PolicyDocument): readonly Problem[] {
  const { kind, metadata, source, tree } = document;
  if (kind !== "KillSwitch") {
    return [
      placeProblem(
        document,
        { value: "kind", of: tree.root as object },
        {
          code: "E06",
          message: `${kind} documents do not belong among kill switches`,
          hint: "Move it into the folder of the policies.",
        },
      ),
    ];
  }
  if (metadata.namespace === source.namespace) return [];
  return [
    placeProblem(
      document,
      { value: "namespace", of: metadata },
      {
        code: "E06",
        message: `the switch says namespace \`${metadata.namespace}\` but lies in the folder of \`${source.namespace}\``,
        hint: `Write \`namespace: ${source.namespace}\`, or move the file.`,
      },
    ),
  ];
}
