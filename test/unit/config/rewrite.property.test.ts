import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/config/write/edits';
import { readConfig } from '../../../src/config/read';
import type { TextEdit } from '../../../src/config/reading';
import { rewriteConfig } from '../../../src/config/rewrite';
import type { PlanId } from '../../../src/recipe/plans/plan';
import { SAMPLES, type Sample } from './samples';

/** Ways in which the same config can be laid out without saying anything else. */
const layouts: Record<'yaml' | 'json' | 'toml', readonly ((text: string) => string)[]> = {
  yaml: [
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.replace(/^(?=.)/gm, '    '),
    (text) => text.replace(/(: [^\s#{[|]+)$/gm, '$1   # β → γ: 1e-4'),
    (text) => `\uFEFF${text}`,
    (text) => text.trimEnd(),
    (text) => text.replace(/^/gm, '# 学習率 lora_alpha: 99\n').trimEnd(),
  ],
  json: [
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.replaceAll('  ', '\t'),
    (text) => JSON.stringify(JSON.parse(text)),
    (text) => text.replaceAll(': ', '   :  '),
  ],
  toml: [
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.replace(/ = /g, '='),
    (text) => text.replace(/^(?=\w)/gm, '  '),
    (text) => text.replace(/$/gm, '  # β').replace(/^ {2}# β$/gm, '# network_alpha = 3'),
    (text) => text.trimEnd(),
  ],
};

const syntaxOf = ({ path }: Sample): keyof typeof layouts =>
  path.endsWith('.toml') ? 'toml' : path.endsWith('.json') ? 'json' : 'yaml';

/** A sample in one of its layouts. */
const sample: fc.Arbitrary<Sample> = fc
  .constantFrom(...SAMPLES)
  .chain((one) =>
    fc
      .constantFrom((text: string) => text, ...layouts[syntaxOf(one)])
      .map((change) => ({ ...one, text: change(one.text) })),
  );
// Whole numbers fit every trainer.
const alpha = fc.integer({ min: 1, max: 4096 });
const plan = fc.constantFrom<PlanId>('symmetric', 'lr-only');

function edits({ text, path }: Sample, target: number, id: PlanId): TextEdit[] {
  const result = rewriteConfig(text, readConfig(text, path), 0, target, id, {});
  if ('refusal' in result) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.edits;
}
const rewritten = (one: Sample, target: number, id: PlanId): Sample => ({
  ...one,
  text: applyEdits(one.text, edits(one, target, id)),
});

// That it comes back to the same numbers, and throws on no text, is held by test/fuzz.
describe('rewriteConfig, for any target and any layout', () => {
  it('writes what reads back as asked for', () => {
    fc.assert(
      fc.property(sample, alpha, plan, (one, target, id) => {
        const [before] = readConfig(one.text, one.path).recipes;
        const after = readConfig(rewritten(one, target, id).text, one.path);
        expect(after.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        const [recipe] = after.recipes;
        expect(recipe?.alpha).toBe(target);
        expect(recipe?.stated.alpha === undefined).toBe(target === before?.alpha && before.stated.alpha === undefined);
        if (!before?.learningRate || !recipe?.learningRate) return;
        const k = target / before.alpha;
        const power = id === 'symmetric' ? 0.5 : 1;
        expect(Math.abs(recipe.learningRate / before.learningRate / k ** -power - 1)).toBeLessThan(5.1e-6);
        expect(recipe.optimizer.betas).toEqual(before.optimizer.betas);
      }),
      { numRuns: 80 },
    );
  });

  it('touches numbers and new lines only', () => {
    fc.assert(
      fc.property(sample, alpha, plan, (one, target, id) => {
        for (const { range, text } of edits(one, target, id)) {
          const old = one.text.slice(range.start, range.end);
          expect(old).toMatch(/^([\d.e+-]+|)$/);
          if (old !== '') expect(text).toMatch(/^[\d.]+(e[+-]\d+)?$/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the line end, the indentation and the comments in use', () => {
    fc.assert(
      fc.property(sample, alpha, (one, target) => {
        const { text } = rewritten(one, target, 'symmetric');
        if (one.text.includes('\r\n')) expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        else expect(text).not.toContain('\r');
        expect(text.match(/#.*/g)?.map((comment) => comment.trim())).toEqual(
          one.text.match(/#.*/g)?.map((comment) => comment.trim()),
        );
        expect(text.startsWith('\uFEFF')).toBe(one.text.startsWith('\uFEFF'));
        if (/^ {4}/.test(one.text)) expect(text).toMatch(/^( {4}.*\r?\n?|\r?\n)*$/);
      }),
      { numRuns: 60 },
    );
  });
});
