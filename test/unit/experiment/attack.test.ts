import { beforeAll, describe, expect, it } from 'vitest';
import { attack, type Outcome } from '../../attack/attack';
import { cases } from '../../attack/cases';
import { isFooled } from '../../attack/tally';
import { quiet } from './support/lab';

/** A fair sample of what `npm run attack` tries by the thousand. */
const PROBLEMS = 8;

describe('the verdict, attacked', () => {
  const outcomes: Outcome[] = [];
  beforeAll(async () => {
    for (const one of cases({ backend: 'wasm', steps: 40 }).slice(0, PROBLEMS)) {
      outcomes.push(...(await attack(one, quiet)));
    }
  });

  const kinds = (of: (outcome: Outcome) => boolean): Outcome['verdict']['kind'][] =>
    outcomes.filter(of).map(({ verdict }) => verdict.kind);

  it('calls no right plan different, and hardly one undecided', () => {
    const right = kinds(({ plan }) => plan === 'right');
    expect(right.length).toBeGreaterThan(80);
    expect(right).not.toContain('different');
    expect(right.filter((kind) => kind === 'undecided').length).toBeLessThan(0.1 * right.length);
  });

  it('calls no wrong plan the same run, and no plan of a wrong rule, unless it says what was not tested', () => {
    const wrong = outcomes.filter(({ plan }) => plan !== 'right');
    expect(wrong.length).toBeGreaterThan(300);
    const fooled = wrong.filter(isFooled);
    expect(fooled.map(({ plan, inRule, k, case: { row, task } }) => [row.id, task, plan, inRule, k])).toEqual([]);
  });

  it('finds most of a rate off by a per cent, however far the scaling moves', () => {
    const off = kinds(({ plan }) => plan === 'lr off by 1 %');
    expect(off.filter((kind) => kind === 'different').length).toBeGreaterThan(0.8 * off.length);
  });

  it('would be fooled by errors below rounding, were the curves all there is to see', () => {
    const hidden = outcomes.filter(({ plan, inRule, verdict }) => {
      return plan === 'eps forgotten' && !inRule && verdict.reason === 'departs';
    });
    expect(hidden.length).toBeGreaterThan(10);
    // Their own powers miss bits at a power of four, or the rule beside them says what they leave alone.
    expect(hidden.some(({ verdict }) => verdict.proof?.identical === false)).toBe(true);
    for (const { verdict } of hidden) expect(verdict.departures.some(({ what }) => what === 'eps')).toBe(true);
  });
});
