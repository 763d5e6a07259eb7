import { describe, expect, it } from 'vitest';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { runVerdict, claimed } from '../../../../src/experiment/verdict/verdict';
import { curveLabel } from '../../../../src/experiment/words/curves';
import type { VerdictText } from '../../../../src/experiment/words/undecided-words';
import { verdictWords, lookOf } from '../../../../src/experiment/words/verdict-words';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import type { VariantRole, VariantSpec } from '../../../../src/experiment/spec';
import { rowOf } from '../support/every-run';
import { spec, variant } from '../support/lab';
import type { Claim } from '../../../../src/config/plan/claim';
import { verdictOf } from '../support/verdict';

const BASE = [1, 0.8, 0.6, 0.5];
const off = (by: number, from = 0): number[] => BASE.map((loss, step) => (step >= from ? loss * (1 + by) : loss));

const sgdRow = rowOf('sgd');

/** A spec with these roles, and the losses each is given: at k = 4 unless said, and with the rule's numbers. */
function verdictOn(curves: [VariantRole, number[]][], { k = 4, wrong = {} as Partial<VariantSpec> } = {}) {
  const base = variant({ scaling: 1, draw: 0 });
  const variants = curves.map(([role], i): VariantSpec => {
    const name = role === 'control' ? `control-${i}` : role;
    if (role === 'base' || role === 'control') return { ...base, role, name };
    if (role === 'alpha-only') return { ...base, role, name, scaling: k };
    const at = role === 'proof' || role === 'rule' ? 4 : k;
    const forgets = { wrong: { what: 'weightDecay', how: 'left' } } as const;
    if (role === 'wrong-number') return { ...ruleVariant(base, sgdRow, at), role, name, ...forgets };
    return { ...ruleVariant(base, sgdRow, at), role, name, ...(role === 'rescaled' || role === 'proof' ? wrong : {}) };
  });
  const made = spec({ steps: 4, variants });
  const verdict = runVerdict(made, { losses: curves.map(([, losses]) => losses) });
  return { spec: made, verdict, words: verdictWords(made, verdict) };
}

const around: [VariantRole, number[]][] = [
  ['alpha-only', off(0.4, 1)],
  ['blog-rule', off(0.2, 1)],
  ['control', off(1e-5, 2)],
  ['control', off(-2e-5, 1)],
];

/** The baseline, the rescaled run and others, and what stands around them. */
const among = (rescaled: number[], ...others: [VariantRole, number[]][]): [VariantRole, number[]][] => [
  ['base', BASE],
  ['rescaled', rescaled],
  ...others,
  ...around,
];

/** The sentence about the curves, and what else decided. */
const whole = ({ shown = '', detail }: VerdictText): string => `${shown} ${detail}`.trim();

describe('runVerdict', () => {
  it('finds the same bits', () => {
    const { verdict, words } = verdictOn(among(BASE));
    expect(verdict).toMatchObject({ kind: 'identical', firstStep: null, asWrittenDigits: null, departures: [] });
    expect(verdict.envelope).toBeCloseTo(2e-5, 10);
    // At a power of four the plan is its own proof.
    expect(verdict.proof).toEqual({ k: 4, identical: true, deviation: 0 });
    expect(words.headline).toBe('The same run, to the last bit');
    // SGD: the rate is right, what is left alone is not.
    expect(words.aside).toBe('Alpha alone: 40 % apart. lr / k and nothing else changed: 20 % apart.');
    const { spec: sgd, verdict: same } = verdictOn(among(BASE));
    const adam = { ...sgd, optimizer: { ...sgd.optimizer, row: 'adam' } };
    expect(verdictWords(adam, same).aside).toBe('Alpha alone: 40 % apart. The SGD rule lr / k: 20 % apart.');
  });

  it('holds the plan to what is written: too few digits are another run, enough of them are the same', () => {
    const curves: [VariantRole, number[]][] = among(BASE, ['as-written', off(1e-6)]);
    const written = (rate: number): ReturnType<typeof verdictOn> => {
      const { spec: made } = verdictOn(curves);
      const variants = made.variants.map((one) =>
        one.role === 'as-written'
          ? { ...one, a: { ...one.a, lr: one.a.lr * rate }, b: { ...one.b, lr: one.b.lr * rate } }
          : one,
      );
      const own = { ...made, variants };
      const verdict = runVerdict(own, { losses: curves.map(([, losses]) => losses) });
      return { spec: own, verdict, words: verdictWords(own, verdict) };
    };
    const coarse = written(1 + 2e-5);
    expect(coarse.verdict).toMatchObject({ kind: 'different', coarse: [{ what: 'lr' }] });
    expect(coarse.words.headline).toBe('Not the same run as written');
    expect(coarse.words.detail).toMatch(/As written, the learning rate is .* \(plan: /);
    const fine = written(1 + 4e-6);
    expect(fine.verdict).toMatchObject({ kind: 'identical', coarse: [] });
    expect(fine.words.headline).toBe('The same run, to the last bit; as written, to 6 digits');
  });

  it('finds what rounding explains', () => {
    const curves: [VariantRole, number[]][] = among(off(5e-5, 3), ['proof', BASE], ['as-written', off(3e-5)]);
    const { verdict, words } = verdictOn(curves, { k: 3 });
    expect(verdict).toMatchObject({ kind: 'equivalent', proof: { k: 4, identical: true }, asWrittenDigits: 4 });
    expect(words.detail).toContain('At k = 4 the same powers give identical losses');
    expect(words.headline).toBe('The same run, up to rounding; as written, to 4 digits');
  });

  it('finds what it does not, and from which step on', () => {
    const curves = (by: number): [VariantRole, number[]][] => among(off(by, 2));
    const { verdict, words } = verdictOn(curves(1e-2));
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 3 });
    expect(words.headline).toBe('Not the same run');
    expect(whole(words)).toContain('The difference starts at step 3.');
    expect(verdictOn(curves(1e-3)).words.headline).toBe('Close, but not the same run');
  });

  it('names what a plan that differs moves otherwise than the rule, which holds beside it', () => {
    const lr = { a: { ...variant().a, lr: 0.01 / 4.04 }, b: { ...variant().b, lr: 0.01 / 4.04 } };
    const { verdict, words } = verdictOn(among(off(1e-2, 2), ['rule', BASE]), {
      wrong: lr,
    });
    expect(verdict).toMatchObject({ kind: 'different', ruleProof: { identical: true } });
    expect(words.detail).toContain(
      'Different from the rule: the learning rate changes × 0.2475 (rule: × 0.25). At k = 4 the rule itself gives identical losses.',
    );
  });

  it('does not call a rule right whose proof leaves', () => {
    const { verdict } = verdictOn(among(off(1e-5), ['proof', off(1e-2, 1)]), {
      k: 3,
    });
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 2, proof: { identical: false } });
  });

  it('calls no plan equivalent whose powers miss a single bit, however close it is', () => {
    const curves: [VariantRole, number[]][] = among(off(1e-5), ['proof', off(1e-7)]);
    const { verdict, words } = verdictOn(curves, { k: 3 });
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'bits-lost', departures: [] });
    expect(words.detail).toContain('at k = 4 the rule should give identical losses, but they differ by 1e-5 %');
    // Some graphics processors round divisions as they like; one that does not is held to the bits like any other.
    const { spec: made } = verdictOn(curves, { k: 3 });
    const losses = curves.map(([, curve]) => curve);
    const onLossy = runVerdict(made, { losses, losesBits: true });
    expect(onLossy.kind).toBe('equivalent');
    expect(verdictWords(made, onLossy).detail).toContain('but not on this backend');
  });

  it('lets a device that loses bits excuse nothing but them', () => {
    const far: [VariantRole, number[]][] = among(off(1e-5), ['proof', off(1e-2, 1)]);
    const off1 = { a: { ...variant().a, lr: 0.99 * variant().a.lr } };
    const near: [VariantRole, number[]][] = among(off(1e-6), ['proof', off(1e-6)]);
    const lossy = (curves: [VariantRole, number[]][], wrong = {}) => {
      const losses = curves.map(([, curve]) => curve);
      return runVerdict(verdictOn(curves, { k: 3, wrong }).spec, { losses, losesBits: true });
    };
    expect(lossy(far)).toMatchObject({ kind: 'different', firstStep: 2 });
    expect(lossy(near, off1)).toMatchObject({ kind: 'undecided', reason: 'departs' });
  });

  it.each([0, 1e-6])('leaves open what a plan off by a number shows at a distance of %d', (by) => {
    const decaying = variant({ scaling: 1, b: { ...variant().b, weightDecay: 0.1 } });
    const rescaled = {
      ...ruleVariant(decaying, sgdRow, 4),
      b: { ...ruleVariant(decaying, sgdRow, 4).b, weightDecay: 0.1 },
    };
    const curves: [VariantSpec, number[]][] = [
      [decaying, BASE],
      [{ ...rescaled, role: 'rescaled' }, off(by)],
      [{ ...decaying, role: 'alpha-only', scaling: 4 }, off(0.4, 1)],
      [{ ...decaying, role: 'control' }, off(1e-6)],
    ];
    const made = spec({ steps: 4, variants: curves.map(([one]) => one) });
    const verdict = runVerdict(made, { losses: curves.map(([, losses]) => losses) });
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'departs' });
    const { headline, detail, aside } = verdictWords(made, verdict);
    expect(headline).toBe('The same run here, though the plan is not exact');
    expect(detail).toContain('Different from the rule: weight decay of B stays (rule: × 4).');
    expect(aside).toBe(
      'With numbers like these it does not matter. More steps, or a higher learning rate, may show it.',
    );
  });

  it('says which numbers the run does not test', () => {
    const { verdict, words } = verdictOn(among(BASE, ['wrong-number', BASE]));
    expect(verdict).toMatchObject({ kind: 'identical', unseen: ['weightDecay'] });
    expect(words.detail).toContain('Not tested here: weight decay (no effect on this run).');
    expect(verdictOn(among(BASE, ['wrong-number', off(1e-7)])).verdict.unseen).toEqual([]);
  });

  it('blames rounding, not the plan, where the proof holds and the plan drifts further than the controls', () => {
    const { verdict, words } = verdictOn(among(off(1e-2, 2), ['proof', BASE]), {
      k: 3,
    });
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'drifts' });
    expect(words.detail).toContain('So the difference is growing rounding error.');
  });

  it.each([
    ['DoRA', 1e-3, 'Close, but not the same run: DoRA', 'nearly'],
    ['DoRA', 0.05, 'Not the same run: DoRA', 'different'],
    ['LoRA+', 1e-3, 'Close, but not the same run: LoRA+', 'nearly'],
    ['LoRA+', 0.05, 'Not the same run: LoRA+', 'different'],
  ] as const)('names the cause, and calls close what is less than 1 % apart: %s, %s', (cause, by, headline, look) => {
    const base = variant({ scaling: 1, maxGradNorm: 1, ...(cause === 'DoRA' && { m: variant().a }) });
    const moved = ruleVariant(base, sgdRow, 4, cause === 'DoRA' ? 'symmetric' : 'keep-init');
    const rescaled = { ...moved, role: 'rescaled', name: 'rescaled', ...(moved.m && { m: moved.a }) } as const;
    const curves: [VariantSpec, number[]][] = [
      [base, BASE],
      [rescaled, off(by)],
      [{ ...base, role: 'alpha-only', scaling: 4 }, off(0.4, 1)],
      [{ ...base, role: 'control' }, off(1e-6)],
    ];
    const made = spec({ steps: 4, useDora: cause === 'DoRA', variants: curves.map(([one]) => one) });
    const verdict = runVerdict(made, { losses: curves.map(([, losses]) => losses) });
    expect(verdictWords(made, verdict).headline).toBe(headline);
    expect(lookOf(verdict, by)).toBe(look);
    // The terminal exits with 1 whatever the size.
    expect(lookOf(verdict)).toBe('different');
  });

  it('counts a run that is no number as far away', () => {
    const broken = [1, 0.8, Number.NaN, Number.NaN];
    const { verdict, words } = verdictOn(among(broken));
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 3, broken: { step: 3, what: 'nan' } });
    expect(verdict.deviations[1]).toBe(Infinity);
    expect(whole(words)).toContain('more than any number');
    expect(words.detail).toContain("The rescaled run's loss is NaN from step 3 on.");
    const infinite = verdictOn([['base', BASE], ['rescaled', [1, Infinity, Infinity, Number.NaN]], ...around]).words;
    expect(infinite.detail).toContain("The rescaled run's loss is infinite from step 2 on.");
    const diverging: [VariantRole, number[]][] = [['alpha-only', broken]];
    expect(verdictOn([['base', BASE], ['rescaled', BASE], ...diverging]).words.aside).toBe('Alpha alone: it diverges.');
  });

  it.each([
    ['no-points', [], /stopped before its first step/],
    ['infinite', [1, 2, Infinity, Number.NaN], /infinite from step 3 on/],
    ['nan', [1, Number.NaN, Number.NaN, Number.NaN], /NaN from step 2 on/],
    ['still', [1, 1, 1, 1 + 1e-7], /hardly learns/],
    ['still', [0, 0, 0, 0], /hardly learns/],
  ] as const)('decides nothing when the base is %s', (reason, base, says) => {
    const { verdict, words } = verdictOn([
      ['base', [...base]],
      ['rescaled', [...base]],
    ]);
    expect(verdict).toMatchObject({ kind: 'undecided', reason });
    expect(words.headline).toBe('This run decides nothing');
    expect(words.detail).toMatch(says);
    expect(words.aside).not.toBe('');
  });

  it('decides nothing where the base explodes, unless the bits agree', () => {
    const exploding = [1, 10, 1e3, 1e5];
    const curves = (rescaled: number[]): [VariantRole, number[]][] => [
      ['base', exploding],
      ['rescaled', rescaled],
    ];
    const { verdict, words } = verdictOn(curves([1, 10, 1e3, Infinity]));
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'explodes' });
    expect(words.detail).toContain('10,000-fold');
    expect(verdictOn(curves(exploding)).verdict.kind).toBe('identical');
  });

  it('names controls that break', () => {
    const broken: [VariantRole, number[]][] = [['control', [1, 0.8, Infinity, Number.NaN]]];
    const { verdict, words } = verdictOn([['base', BASE], ['rescaled', off(0.1, 1)], ...broken], { k: 3 });
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'controls-break' });
    expect(words.detail).toContain('rounding error alone makes it diverge');
  });

  it('decides nothing where rounding moves the loss as far as the training, unless the bits agree', () => {
    const wild: [VariantRole, number[]][] = [
      ['alpha-only', off(0.9, 1)],
      ['control', off(0.3, 1)],
    ];
    const { verdict, words } = verdictOn([['base', BASE], ['rescaled', off(0.1, 1)], ...wild], { k: 3 });
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'noisy' });
    expect(words.aside).toContain('Lower the learning rate');
    expect(verdictOn([['base', BASE], ['rescaled', BASE], ...wild]).verdict.kind).toBe('identical');
  });

  it('reads the last digits of a loss that vanishes for what they are', () => {
    const vanishing = [1, 1e-3, 1e-9, 1e-14];
    const noise: [VariantRole, number[]][] = [
      ['alpha-only', [1, 0.5, 0.1, 0.05]],
      ['control', [1, 1e-3, 1.001e-9, 3e-14]],
    ];
    const rescaled = [1, 1e-3, 1.002e-9, 0];
    const { verdict } = verdictOn([['base', vanishing], ['rescaled', rescaled], ['proof', vanishing], ...noise], {
      k: 3,
    });
    expect(verdict.kind).toBe('equivalent');
    expect(verdict.deviations[1]).toBeLessThan(1e-6);
  });

  it('decides nothing when even alpha alone stays within rounding', () => {
    const { verdict } = verdictOn([
      ['base', BASE],
      ['rescaled', BASE],
      ['alpha-only', off(1e-5)],
      ['control', off(1e-5)],
    ]);
    expect(verdict).toMatchObject({ kind: 'undecided', reason: 'alpha-too' });
  });

  it('takes a wild run for what its bits say, where the plan is proven', () => {
    const wild: [VariantRole, number[]][] = [
      ['alpha-only', off(0.3, 1)],
      ['control', off(0.4, 1)],
    ];
    const { verdict } = verdictOn([['base', BASE], ['rescaled', off(0.2, 1)], ['proof', BASE], ...wild], { k: 3 });
    expect(verdict.kind).toBe('equivalent');
    const unproven = verdictOn([['base', BASE], ['rescaled', off(0.2, 1)], ['proof', off(0.1, 1)], ...wild], { k: 3 });
    expect(unproven.verdict).toMatchObject({ kind: 'undecided', reason: 'noisy' });
  });

  it('lets a proven plan drift as far as the rule does at other scalings, and says so', () => {
    const curves = (proof: number[]): [VariantRole, number[]][] =>
      among(off(3e-3, 3), ['proof', proof], ['rounded-rule', off(1e-3, 2)], ['rounded-rule', off(2e-3, 2)]);
    const { verdict, words } = verdictOn(curves(BASE), { k: 3 });
    expect(verdict.kind).toBe('equivalent');
    expect(verdict.drift).toBeCloseTo(2e-3, 9);
    expect(words.detail).toContain("at other scalings it changes the rule's own losses by up to 0.2 %");
    // What is not proven has to stay with the controls.
    expect(verdictOn(curves(off(1e-6, 1)), { k: 3 }).verdict).toMatchObject({ kind: 'different', firstStep: 4 });
    const further = curves(BASE).map(([role, losses]): [VariantRole, number[]] =>
      role === 'rescaled' ? [role, off(3e-2, 3)] : [role, losses],
    );
    expect(verdictOn(further, { k: 3 }).verdict).toMatchObject({ kind: 'undecided', reason: 'drifts' });
  });

  it('holds a sweep to the worst of its variants', () => {
    const two = (other: number[]) =>
      verdictOn([
        ['base', BASE],
        ['rescaled', BASE],
        ['rescaled', other],
      ]);
    expect(two(BASE).verdict.kind).toBe('identical');
    expect(two(off(0.1)).verdict.kind).toBe('different');
    expect(whole(two(BASE).words)).toContain('at every alpha');
  });

  it('compares each draw with its own base and controls, and takes the worst', () => {
    const half = (losses: readonly number[]): number[] => losses.map((loss) => loss / 2);
    const base = variant({ scaling: 1 });
    const curves: [VariantSpec, number[]][] = [0, 1].flatMap((draw): [VariantSpec, number[]][] => {
      const own = (losses: readonly number[]): number[] => (draw === 1 ? half(losses) : [...losses]);
      return [
        [{ ...base, draw }, own(BASE)],
        [{ ...ruleVariant(base, sgdRow, 4), role: 'rescaled', draw }, own(draw === 1 ? off(1e-2, 2) : BASE)],
        [{ ...base, role: 'control', draw }, own(off(1e-6, 1))],
      ];
    });
    const made = spec({ steps: 4, seeds: [3, 8], variants: curves.map(([one]) => one) });
    const losses = curves.map(([, values]) => values);
    const verdict = runVerdict(made, { losses });
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 3, draw: 1, draws: 2 });
    expect(verdict.deviations[1]).toBe(0);
    expect(verdict.deviations[4]).toBeCloseTo(1e-2, 9);
    expect(whole(verdictWords(made, verdict))).toMatch(/^At seed 8, the worst of 2 draws, 4 steps of/);
    const both = runVerdict(made, { losses: losses.map((values, i) => (i === 1 ? off(1e-1, 2) : values)) });
    expect(both).toMatchObject({ kind: 'different', draw: 0 });
    expect(whole(verdictWords(made, both))).toMatch(/^At seed 3, .* differ by up to 10 %/);
    const other = runVerdict(made, { losses: losses.map((values, i) => (i === 1 ? off(1e-3, 2) : values)) });
    expect(other).toMatchObject({ kind: 'different', draw: 1 });
    expect(whole(verdictWords(made, other))).toMatch(/^At seed 8, .* differ by up to 1 %/);
    const good = runVerdict(made, { losses: losses.map((values, i) => (i === 4 ? half(BASE) : values)) });
    expect(whole(verdictWords(made, good))).toMatch(/^On each of 2 draws, 4 steps of/);
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
  it('labels curves for people', () => {
    const label = (role: VariantRole, rest: Partial<VariantSpec> = {}): string =>
      curveLabel({ role, name: role, ...rest });
    expect([label('base'), label('alpha-only'), label('blog-rule'), label('as-written')]).toEqual([
      'baseline',
      'alpha alone',
      'lr / k',
      'as written',
    ]);
    expect(label('rescaled', { alpha: 256 })).toBe('alpha 256');
    expect(label('plan', { plan: 'lr-only' })).toBe('learning rate only');
    expect(label('control', { number: 2 })).toBe('rounding 2');
  });
});

const EXACT: Claim = { asRead: 'exact', limit: null, notUnderstood: [] };
const PLACE = { line: 3, source: 'x', why: 'It trains.', range: { start: 0, end: 1 }, mayMove: false };

describe('the verdict on the user’s run', () => {
  it.each([
    ['identical', EXACT, 'identical', 'identical'],
    ['equivalent', EXACT, 'equivalent', 'equivalent'],
    ['identical', { ...EXACT, notUnderstood: [PLACE] }, 'undecided', 'undecided'],
    ['equivalent', { ...EXACT, asRead: 'approximate' as const }, 'undecided', 'undecided'],
    ['identical', { ...EXACT, asRead: 'nearly' as const }, 'undecided', 'nearly'],
    ['different', { ...EXACT, notUnderstood: [PLACE] }, 'different', 'different'],
  ] as const)('%s with %j is %s', (kind, claim, expected, look) => {
    const found = claimed(verdictOf(kind), claim);
    expect([found.kind, lookOf(found)]).toEqual([expected, look]);
  });
});
