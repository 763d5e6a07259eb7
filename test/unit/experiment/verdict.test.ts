import { describe, expect, it } from 'vitest';
import { deviationsOf, judge } from '../../../src/experiment/verdict';
import { curveLabel, sizeWords, verdictWords } from '../../../src/experiment/words';
import type { VariantRole } from '../../../src/experiment/spec';
import { spec, variant } from './support/lab';

const BASE = [1, 0.8, 0.6, 0.5];
const off = (by: number, from = 0): number[] => BASE.map((loss, step) => (step >= from ? loss * (1 + by) : loss));

/** A spec with these roles, and the losses each is given. */
function judged(curves: [VariantRole, number[]][]) {
  const variants = curves.map(([role], i) =>
    variant({ role, name: role === 'control' ? `control-${i}` : role, scaling: role === 'base' ? 1 : 4 }),
  );
  const made = spec({ steps: 4, variants });
  const verdict = judge(made, { losses: curves.map(([, losses]) => losses) });
  return { spec: made, verdict, words: verdictWords(made, verdict) };
}

const around: [VariantRole, number[]][] = [
  ['alpha-only', off(0.4, 1)],
  ['blog-rule', off(0.2, 1)],
  ['control', off(1e-5, 2)],
  ['control', off(-2e-5, 1)],
];

describe('judge', () => {
  it('finds the same bits', () => {
    const { verdict, words } = judged([['base', BASE], ['rescaled', BASE], ...around]);
    expect(verdict).toMatchObject({ kind: 'identical', firstStep: null, proof: null, asWrittenDigits: null });
    expect(verdict.envelope).toBeCloseTo(2e-5, 10);
    expect(words.headline).toBe('The same run, to the last bit');
    // SGD: the rate is right, what is left alone is not.
    expect(words.aside).toBe('Alpha alone: 40 % apart. lr / k and nothing else moved: 20 % apart.');
    const { spec: sgd, verdict: same } = judged([['base', BASE], ['rescaled', BASE], ...around]);
    const adam = { ...sgd, optimizer: { ...sgd.optimizer, row: 'adam' } };
    expect(verdictWords(adam, same).aside).toBe('Alpha alone: 40 % apart. The SGD rule lr / k: 20 % apart.');
  });

  it('finds what rounding explains', () => {
    const { verdict, words } = judged([
      ['base', BASE],
      ['rescaled', off(5e-5, 3)],
      ['proof', BASE],
      ['as-written', off(3e-5)],
      ...around,
    ]);
    expect(verdict).toMatchObject({ kind: 'equivalent', proof: { k: 4, identical: true }, asWrittenDigits: 4 });
    expect(words.detail).toContain('At k = 4 the rule gives the same run to the last bit');
    expect(words.detail).toContain('agree to 4 digits');
  });

  it('finds what it does not, and from which step on', () => {
    const { verdict, words } = judged([['base', BASE], ['rescaled', off(1e-2, 2)], ...around]);
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 3 });
    expect(words.headline).toBe('Not the same run');
    expect(words.detail).toContain('They part at step 3.');
    expect(judged([['base', BASE], ['rescaled', off(1e-3, 2)], ...around]).words.headline).toBe(
      'Close, but not the same run',
    );
  });

  it('does not call a rule right whose proof leaves', () => {
    const { verdict } = judged([['base', BASE], ['rescaled', off(1e-5)], ['proof', off(1e-2, 1)], ...around]);
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 2, proof: { identical: false } });
  });

  it('counts a run that is no number as far away', () => {
    const broken = [1, 0.8, Number.NaN, Number.NaN];
    const { verdict, words } = judged([['base', BASE], ['rescaled', broken], ...around]);
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 3 });
    expect(verdict.deviations[1]).toBe(Infinity);
    expect(words.detail).toContain('more than any number');
    const diverging: [VariantRole, number[]][] = [['alpha-only', broken]];
    expect(judged([['base', BASE], ['rescaled', BASE], ...diverging]).words.aside).toBe('Alpha alone: it diverges.');
  });

  it.each([
    ['no-points', []],
    ['diverged', [1, 2, Infinity, Number.NaN]],
    ['still', [1, 1, 1, 1 + 1e-7]],
  ] as const)('decides nothing when the base is %s', (reason, base) => {
    const { verdict, words } = judged([
      ['base', [...base]],
      ['rescaled', [...base]],
    ]);
    expect(verdict).toMatchObject({ kind: 'undecided', reason });
    expect(words.headline).toBe('This run decides nothing');
    expect(words.aside).not.toBe('');
  });

  it('decides nothing where rounding moves the loss as far as the training, unless the bits agree', () => {
    const wild: [VariantRole, number[]][] = [
      ['alpha-only', off(0.9, 1)],
      ['control', off(0.3, 1)],
    ];
    const { verdict, words } = judged([['base', BASE], ['rescaled', off(0.1, 1)], ...wild]);
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'noisy' });
    expect(words.aside).toContain('Lower the learning rate');
    expect(judged([['base', BASE], ['rescaled', BASE], ...wild]).verdict.kind).toBe('identical');
  });

  it('decides nothing when even alpha alone stays within rounding', () => {
    const { verdict } = judged([
      ['base', BASE],
      ['rescaled', BASE],
      ['alpha-only', off(1e-5)],
      ['control', off(1e-5)],
    ]);
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'alpha-too' });
  });

  it('judges a sweep by the worst of its variants', () => {
    expect(
      judged([
        ['base', BASE],
        ['rescaled', BASE],
        ['rescaled', BASE],
      ]).verdict.kind,
    ).toBe('identical');
    expect(
      judged([
        ['base', BASE],
        ['rescaled', BASE],
        ['rescaled', off(0.1)],
      ]).verdict.kind,
    ).toBe('different');
    expect(
      judged([
        ['base', BASE],
        ['rescaled', BASE],
        ['rescaled', BASE],
      ]).words.detail,
    ).toContain('at every alpha');
  });
});

describe('deviationsOf', () => {
  it('is relative, and 0 for equal bits alone', () => {
    expect(deviationsOf([2, 1], [1, 1])).toEqual([1, 0]);
    expect(deviationsOf([0, 1, Number.NaN, Infinity, Infinity], [0, 0, Number.NaN, Infinity, 1])).toEqual([
      0,
      Infinity,
      0,
      0,
      Infinity,
    ]);
  });
});

describe('words', () => {
  it.each([
    [0, 'no bit'],
    [0.4123, '41 %'],
    [1.8, '180 %'],
    [2e5, 'a factor of 200000'],
    [3.04e-7, '3e-7'],
    [2.61e-5, '2.6e-5'],
    [Infinity, 'more than any number'],
  ])('%d is said as %s', (deviation, words) => expect(sizeWords(deviation)).toBe(words));

  it('labels curves for people', () => {
    const label = (role: VariantRole, name: string = role): string => curveLabel({ role, name });
    expect([label('base'), label('alpha-only'), label('blog-rule'), label('as-written')]).toEqual([
      'now',
      'alpha alone',
      'lr / k',
      'as written',
    ]);
    expect(label('rescaled', 'alpha-256')).toBe('alpha 256');
    expect(label('plan', 'lr-only')).toBe('learning rate only');
    expect(label('control', 'control-2')).toBe('rounding 2');
  });
});
