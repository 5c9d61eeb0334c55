/** A score given to a text, and whether the text attacks. */
export interface ScoredCase {
  readonly score: number;
  readonly isAttack: boolean;
}

/** Chance that an attack scores higher than something harmless; a tie counts half. */
export function areaUnderCurve(cases: readonly ScoredCase[]): number {
  const harmless = scoresOf(cases, false);
  const attacks = scoresOf(cases, true);
  let wins = 0;
  for (const attack of attacks) {
    for (const other of harmless) {
      if (attack > other) wins += 1;
      else if (attack === other) wins += 0.5;
    }
  }
  return wins / (attacks.length * harmless.length);
}

/** Share of attacks above the lowest threshold at which no more than a share of the harmless are. */
export function recallAtFalseAlarms(cases: readonly ScoredCase[], share: number): number {
  const harmless = scoresOf(cases, false).sort((a, b) => b - a);
  const threshold = harmless[Math.floor(harmless.length * share)] ?? Number.NEGATIVE_INFINITY;
  const attacks = scoresOf(cases, true);
  return attacks.filter((score) => score > threshold).length / attacks.length;
}

const scoresOf = (cases: readonly ScoredCase[], isAttack: boolean): number[] =>
  cases.filter((each) => each.isAttack === isAttack).map(({ score }) => score);
