/** A value as it is planted in a text, and what the makers of values share. */
import type { Draw } from "./draw.ts";

/** A value as it is planted in a text. */
export interface PlantedValue {
  /** As the detectors name it, such as `EMAIL`. */
  readonly type: string;
  readonly value: string;
  /** Words without which nobody would know the value for what it is; mostly empty. */
  readonly lead: string;
  /** What stands right behind it and is no part of it, such as the host of a URL; mostly empty. */
  readonly trail: string;
  /** True: what holds it is refused under the stage's policies. False: it is masked. */
  readonly isSecret: boolean;
  /** Digits only, so that it can stand as a number. */
  readonly digits?: string;
}

/** Words that no detector knows, so that nothing is masked of what holds them. */
export const unknownWords: PlantedValue = {
  type: "unknown words",
  value: "wobbling quartz lanterns drift",
  lead: "",
  trail: "",
  isSecret: false,
};

/** Makes a value of one type. */
export type Maker = (draw: Draw) => PlantedValue;

export const digits = "0123456789";
export const letters = "abcdefghijklmnopqrstuvwxyz";
export const capitals = letters.toUpperCase();
export const hex = "0123456789abcdef";
export const base62 = `${digits}${capitals}${letters}`;

/** Data of people and firms. */
export function masked(type: string, value: string, lead = ""): PlantedValue {
  return { type, value, lead, trail: "", isSecret: false };
}

/** The same where the digits alone tell it. */
export function maskedNumber(type: string, value: string, plain: string): PlantedValue {
  return { ...masked(type, value), digits: plain };
}

/** A credential. */
export function secret(type: string, value: string, lead = "", trail = ""): PlantedValue {
  return { type, value, lead, trail, isSecret: true };
}

/** A sentence around a value, or around what stands in for it. */
export function sentenceWith(planted: PlantedValue, standIn = planted.value): string {
  return `so ${planted.lead}${standIn}${planted.trail} it is`;
}

const drawsMax = 10_000;

/** Draws until there is something valid, for checks that are easier to pass than to work out. */
export function drawValid(make: () => string, isValid: (value: string) => boolean): string {
  for (let count = 0; count < drawsMax; count += 1) {
    const value = make();
    if (isValid(value)) return value;
  }
  throw new Error(`none of ${drawsMax} values such as ${make()} is valid`);
}

/** Characters in groups of these sizes, such as `[3, 3, 4]`. */
export function grouped(value: string, sizes: readonly number[], separator = " "): string {
  let at = 0;
  const groups = sizes.map((size) => {
    at += size;
    return value.slice(at - size, at);
  });
  return groups.join(separator);
}

/** A body with the digit that Luhn's check asks for at its end (ISO/IEC 7812-1, annex B). */
export function withLuhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** The sum of digits times weights. */
export function weightedSum(body: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(body.charAt(at)), 0);
}

/** A number below a bound, in two digits. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** A day of the years 1950 to 1989 that every month has. */
export function drawDay(draw: Draw): {
  readonly year: string;
  readonly month: string;
  readonly day: string;
} {
  return {
    year: String(1950 + draw.below(40)),
    month: twoDigits(1 + draw.below(12)),
    day: twoDigits(1 + draw.below(28)),
  };
}
