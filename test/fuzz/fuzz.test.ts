import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOf, seedOf } from '../support/seed';
import { check, type Factor } from './checks';
import { mutants } from './mutations';
import { seedsIn } from './seeds';

/** Texts a syntax; `LORA_ALPHA_RUNS` checks as many as one likes. */
const RUNS = runsOf(250);
const factor = fc.constantFrom<Factor>(4, 4, 3, 0.25);

describe('broken and hostile texts', () => {
  it.each([...seedsIn(process.cwd())])('in %s keep every promise', { timeout: 60_000 + 150 * RUNS }, (_, seeds) => {
    // A fifth of the texts have no mutation, and some syntaxes have few seeds.
    const known = new Map<string, number>();
    fc.assert(
      fc.property(mutants(seeds), factor, (text, by) => {
        const key = JSON.stringify([text, by]);
        known.set(key, known.get(key) ?? check(text, by));
      }),
      { numRuns: RUNS, seed: seedOf(process.env['LORA_ALPHA_SEED']) },
    );
    expect([...known.values()].some((recipes) => recipes > 0)).toBe(true);
  });
});
