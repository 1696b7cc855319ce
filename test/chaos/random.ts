import { seededRandom } from "../../local/durable/faults";

/** Numbers that are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  isTrue(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  oneOf<T>(values: readonly T[]): T;
  /** Some of the values, in any order, none twice. */
  someOf<T>(values: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const oneOf = <T>(values: readonly T[]): T => values[between(0, values.length - 1)] as T;
  return {
    next,
    between,
    oneOf,
    isTrue: (probability) => next() < probability,
    someOf(values) {
      const left = [...values];
      const some = [];
      for (let count = between(0, left.length); count > 0; count--)
        some.push(...left.splice(between(0, left.length - 1), 1));
      return some;
    },
  };
}
