import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, type PytorchResults } from '../../../src/export/results';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/results');
const text = (name: string): string => readFileSync(path.join(FIXTURES, name), 'utf8');
const IDENTICAL = JSON.parse(text('identical.json')) as PytorchResults;

/** A sentence about these results with parts replaced. */
function refusalOf(change: Record<string, unknown>): unknown {
  const read = readResults(JSON.stringify({ ...IDENTICAL, ...change }), 'run.json');
  return 'refused' in read ? read.refused : read;
}

describe('readResults', () => {
  it.each([
    ['identical.json', 'identical', 6],
    ['equivalent.json', 'equivalent', 8],
  ])('reads %s, which a check of PyTorch wrote', (file, verdict, variants) => {
    const read = readResults(text(file), file);
    expect(read).toMatchObject({ verdict, steps: 24, check: { config: 'axolotl-llama3.yml' } });
    expect(read).toHaveProperty('variants.length', variants);
    expect(read).toHaveProperty('deltaW.length', 14);
  });

  it('keeps null for a loss that is not finite', () => {
    const variants = IDENTICAL.variants.map((variant, i) =>
      i === 2 ? { ...variant, loss: [1, null], deltaW: null } : variant,
    );
    expect(refusalOf({ variants })).toMatchObject({ variants: { 2: { loss: [1, null], deltaW: null } } });
  });

  it('ignores keys that it does not know', () => {
    expect(refusalOf({ hosts: 4 })).toEqual(IDENTICAL);
  });

  it.each<readonly [string, RegExp]>([
    ...['', text('identical.json').slice(0, 900)].map((broken) => [broken, /^run\.json is not valid JSON/] as const),
    ...['null', '[]', '24', '{"scripts": {}}', '{"loraAlpha": "2"}'].map(
      (other) => [other, /holds no results of a PyTorch check/] as const,
    ),
    ['{"loraAlpha": 3, "verdict": "same"}', /later version of LoRA Alpha/],
    ['{"loraAlpha": 1, "verdict": "identical"}', /earlier version of the check/],
    ['{"loraAlpha": 1, "sweep": []}', /holds the table of a sweep/],
    ['{"loraAlpha": 2}', /^run\.json is damaged at check: /],
  ])('says in one sentence what is wrong with %.40s', (broken, words) => {
    const read = readResults(broken, 'run.json');
    expect(read).toEqual({ refused: expect.stringMatching(words) as unknown });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ verdict: 'same' }, 'verdict'],
    [{ verdict: '\u202e'.repeat(1e5) }, 'verdict'],
    [{ steps: 0 }, 'steps'],
    [{ check: { ...IDENTICAL.check, alpha: [16] } }, 'check.alpha.1'],
    [{ check: { ...IDENTICAL.check, alpha: [16, 0] } }, 'check.alpha.1'],
    [{ check: { ...IDENTICAL.check, plan: 'best' } }, 'check.plan'],
    [{ variants: IDENTICAL.variants.slice(1) }, 'variants'],
    [{ variants: Array.from({ length: 51 }, () => IDENTICAL.variants[0]) }, 'variants'],
    [{ variants: [{ ...IDENTICAL.variants[0], name: '<img>' }] }, 'variants.0.name'],
    [{ variants: [{ ...IDENTICAL.variants[0], role: 'control-1' }] }, 'variants.0.role'],
    [{ variants: [{ ...IDENTICAL.variants[0], loss: ['1'] }] }, 'variants.0.loss.0'],
    [{ deltaW: [{ module: 'q_proj', deviation: -1, control: 0 }] }, 'deltaW.0.deviation'],
    [{ environment: { ...IDENTICAL.environment, model: 'x'.repeat(1e4) } }, 'environment.model'],
  ])('names the place of what does not fit: %.80j', (change, place) => {
    expect(refusalOf(change)).toMatch(new RegExp(`^run\\.json is damaged at ${place}: `));
    expect(String(refusalOf(change)).length).toBeLessThan(900);
  });
});
