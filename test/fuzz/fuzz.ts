import fc from 'fast-check';
import type { SyntaxId } from '../../src/config/reading';
import { check, type Factor, type Outcome } from './checks';
import { mutants } from './mutations';
import type { Seed } from './seeds';

/** The outcome of a run of many texts. */
export interface Tally {
  syntax: SyntaxId;
  texts: number;
  /** Texts that hold at least one recipe. */
  read: number;
  rewritten: number;
  refused: Map<string, number>;
  findings: Map<string, number>;
  /** The longest a text took, in milliseconds. */
  slowest: number;
  /** A text that broke a promise, as small as it could be made, and which. */
  broken: { seed: Seed; factor: Factor; why: string } | null;
}

const factor = fc.constantFrom<Factor>(4, 4, 3, 0.25);

/** Checks `runs` mutants of `seeds`; ends at the first that breaks a promise. */
export function fuzz(syntax: SyntaxId, seeds: readonly Seed[], runs: number, seed: number): Tally {
  const tally: Tally = {
    syntax,
    texts: 0,
    read: 0,
    rewritten: 0,
    refused: new Map(),
    findings: new Map(),
    slowest: 0,
    broken: null,
  };
  // A fifth of the texts have no mutation, and some syntaxes have few seeds.
  const known = new Map<string, Outcome>();
  const result = fc.check(
    fc.property(mutants(seeds), factor, (text, by) => {
      const started = performance.now();
      const key = JSON.stringify([text, by]);
      const outcome = known.get(key) ?? check(text, by);
      known.set(key, outcome);
      const { recipes, rewritten, refused, findings } = outcome;
      tally.slowest = Math.max(tally.slowest, performance.now() - started);
      tally.texts += 1;
      tally.read += recipes > 0 ? 1 : 0;
      tally.rewritten += rewritten;
      for (const code of refused) tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
      for (const code of findings) tally.findings.set(code, (tally.findings.get(code) ?? 0) + 1);
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  const [found, by] = result.counterexample ?? [];
  const why = result.errorInstance instanceof Error ? (result.errorInstance.stack ?? '') : String(result.errorInstance);
  if (result.failed && found && by) tally.broken = { seed: found, factor: by, why };
  return tally;
}
