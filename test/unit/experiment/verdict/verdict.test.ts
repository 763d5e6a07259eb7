import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { runVerdict, claimed } from '../../../../src/experiment/verdict/verdict';
import { curveLabel } from '../../../../src/experiment/words/curves';
import { verdictWords, lookOf } from '../../../../src/experiment/words/verdict-words';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import type { ExperimentSpec, VariantRole, VariantSpec } from '../../../../src/experiment/spec';
import { rowOf } from '../support/every-run';
import { spec, variant } from '../support/lab';
import type { Claim } from '../../../../src/config/plan/claim';
import { verdictOf } from '../support/verdict';

/** Verdicts and words of every case are in verdicts.txt; `vitest -u` writes it anew. */
interface Case {
  spec: ExperimentSpec;
  result: { losses: number[][]; losesBits?: true };
}

type Curves<Of> = readonly (readonly [of: Of, losses: readonly number[]])[];

const BASE = [1, 0.8, 0.6, 0.5];
const off = (by: number, from = 0): number[] => BASE.map((loss, step) => (step >= from ? loss * (1 + by) : loss));
const half = (losses: readonly number[]): number[] => losses.map((loss) => loss / 2);

const sgdRow = rowOf('sgd');
const hyper = variant().a;
const ofBoth = (factor: number): Partial<VariantSpec> => {
  const moved = { ...hyper, lr: factor * hyper.lr };
  return { a: moved, b: moved };
};

const trained = (curves: Curves<VariantSpec>, fields: Partial<ExperimentSpec> = {}): Case => ({
  spec: spec({ steps: 4, variants: curves.map(([one]) => one), ...fields }),
  result: { losses: curves.map(([, losses]) => [...losses]) },
});

/** Variants with these roles: at k = 4 unless said, and with the rule's numbers. */
function roles(curves: Curves<VariantRole>, { k = 4, wrong = {} as Partial<VariantSpec>, row = 'sgd' } = {}): Case {
  const base = variant({ scaling: 1, draw: 0 });
  const of = (role: VariantRole, i: number): VariantSpec => {
    const name = role === 'control' ? `control-${i}` : role;
    if (role === 'base' || role === 'control') return { ...base, role, name };
    if (role === 'alpha-only') return { ...base, role, name, scaling: k };
    const at = role === 'proof' || role === 'rule' ? 4 : k;
    const forgets = { wrong: { what: 'weightDecay', how: 'left' } } as const;
    if (role === 'wrong-number') return { ...ruleVariant(base, rowOf(row), at), role, name, ...forgets };
    return {
      ...ruleVariant(base, rowOf(row), at),
      role,
      name,
      ...(role === 'rescaled' || role === 'proof' ? wrong : {}),
    };
  };
  const optimizer = { ...spec().optimizer, row };
  return trained(
    curves.map(([role, losses], i) => [of(role, i), losses] as const),
    { optimizer },
  );
}

const AROUND: Curves<VariantRole> = [
  ['alpha-only', off(0.4, 1)],
  ['blog-rule', off(0.2, 1)],
  ['control', off(1e-5, 2)],
  ['control', off(-2e-5, 1)],
];

/** The baseline, the rescaled run and others, and what stands around them. */
const among = (rescaled: readonly number[], ...others: Curves<VariantRole>): Curves<VariantRole> => [
  ...alone(BASE, rescaled, ...others),
  ...AROUND,
];
const alone = (base: readonly number[], rescaled: readonly number[], ...others: Curves<VariantRole>) =>
  [['base', base], ['rescaled', rescaled], ...others] as const;

/** Some graphics processors round divisions as they like. */
const lossy = (one: Case): Case => ({ ...one, result: { ...one.result, losesBits: true } });

function written(rate: number): Case {
  const { result, ...made } = roles(among(BASE, ['as-written', off(1e-6)]));
  const variants = made.spec.variants.map((one) =>
    one.role === 'as-written'
      ? { ...one, a: { ...one.a, lr: one.a.lr * rate }, b: { ...one.b, lr: one.b.lr * rate } }
      : one,
  );
  return { spec: { ...made.spec, variants }, result };
}

/** A variant beside its base, alpha alone and a control. */
const beside = (base: VariantSpec, rescaled: VariantSpec, by: number, fields: Partial<ExperimentSpec> = {}): Case =>
  trained(
    [
      [base, BASE],
      [{ ...rescaled, role: 'rescaled', name: 'rescaled' }, off(by)],
      [{ ...base, role: 'alpha-only', scaling: 4 }, off(0.4, 1)],
      [{ ...base, role: 'control' }, off(1e-6)],
    ],
    fields,
  );

/** The plan leaves the weight decay of B. */
function leaving(by: number): Case {
  const b = { ...hyper, weightDecay: 0.1 };
  const base = variant({ scaling: 1, b });
  const moved = ruleVariant(base, sgdRow, 4);
  return beside(base, { ...moved, b: { ...moved.b, weightDecay: 0.1 } }, by);
}

function ofFeature(cause: 'DoRA' | 'LoRA+', by: number): Case {
  const useDora = cause === 'DoRA';
  const base = variant({ scaling: 1, maxGradNorm: 1, ...(useDora && { m: hyper }) });
  const moved = ruleVariant(base, sgdRow, 4, useDora ? 'symmetric' : 'keep-init');
  return beside(base, { ...moved, ...(moved.m && { m: moved.a }) }, by, { useDora });
}

/** Two draws, of which the second differs by a percent; with the losses of one variant replaced. */
function draws(replaced?: readonly [variant: number, losses: readonly number[]]): Case {
  const base = variant({ scaling: 1 });
  const curves = [0, 1].flatMap((draw): Curves<VariantSpec> => {
    const own = (losses: readonly number[]): readonly number[] => (draw === 1 ? half(losses) : losses);
    return [
      [{ ...base, draw }, own(BASE)],
      [{ ...ruleVariant(base, sgdRow, 4), role: 'rescaled', draw }, own(draw === 1 ? off(1e-2, 2) : BASE)],
      [{ ...base, role: 'control', draw }, own(off(1e-6, 1))],
    ];
  });
  const losses = curves.map(([one, own], i) => [one, i === replaced?.[0] ? replaced[1] : own] as const);
  return trained(losses, { seeds: [3, 8] });
}

const [EXPLODING, VANISHING, BROKEN] = [
  [1, 10, 1e3, 1e5],
  [1, 1e-3, 1e-9, 1e-14],
  [1, 0.8, Number.NaN, Number.NaN],
];
const LEFT = { a: { ...hyper, lr: 0.99 * hyper.lr } };
const AT_3 = { k: 3 };
const NOISY: Curves<VariantRole> = [
  ['alpha-only', off(0.9, 1)],
  ['control', off(0.3, 1)],
];
const WILD: Curves<VariantRole> = [
  ['alpha-only', off(0.3, 1)],
  ['control', off(0.4, 1)],
];
const drifting = (proof: readonly number[], rescaled = off(3e-3, 3)): Case =>
  roles(among(rescaled, ['proof', proof], ['rounded-rule', off(1e-3, 2)], ['rounded-rule', off(2e-3, 2)]), AT_3);
const breaks = (...base: number[]): Case => roles(alone(base, base));

const CASES: Readonly<Record<string, Case>> = {
  // SGD: the rate is right, what is left alone is not. At a power of four the plan is its own proof.
  'the same bits': roles(among(BASE)),
  'the same bits under Adam': roles(among(BASE), { row: 'adam' }),
  'too few digits are another run': written(1 + 2e-5),
  'enough digits are the same': written(1 + 4e-6),
  'what rounding explains': roles(among(off(5e-5, 3), ['proof', BASE], ['as-written', off(3e-5)]), AT_3),
  'what it does not, from step 3 on': roles(among(off(1e-2, 2))),
  'what it does not, but close': roles(among(off(1e-3, 2))),
  'a plan that moves a number otherwise than the rule, which holds beside it': roles(
    among(off(1e-2, 2), ['rule', BASE]),
    { wrong: ofBoth(1 / 4.04) },
  ),
  'a rule whose proof leaves is not right': roles(among(off(1e-5), ['proof', off(1e-2, 1)]), AT_3),
  'powers that miss a single bit, however close': roles(among(off(1e-5), ['proof', off(1e-7)]), AT_3),
  'powers that miss a single bit on a device that loses bits': lossy(
    roles(among(off(1e-5), ['proof', off(1e-7)]), AT_3),
  ),
  'a device that loses bits excuses nothing else': lossy(roles(among(off(1e-5), ['proof', off(1e-2, 1)]), AT_3)),
  'a device that loses bits excuses no number': lossy(
    roles(among(off(1e-6), ['proof', off(1e-6)]), { ...AT_3, wrong: LEFT }),
  ),
  'a plan off by a number, which does not show': leaving(0),
  'a plan off by a number, which hardly shows': leaving(1e-6),
  'a number that the run does not test': roles(among(BASE, ['wrong-number', BASE])),
  'a number that the run does test': roles(among(BASE, ['wrong-number', off(1e-7)])),
  'the proof holds, and the plan drifts further than the controls': roles(among(off(1e-2, 2), ['proof', BASE]), AT_3),
  'DoRA, close': ofFeature('DoRA', 1e-3),
  'DoRA, apart': ofFeature('DoRA', 0.05),
  'LoRA+, close': ofFeature('LoRA+', 1e-3),
  'LoRA+, apart': ofFeature('LoRA+', 0.05),
  'a run that is no number': roles(among(BROKEN)),
  'a run that is infinite': roles([...alone(BASE, [1, Infinity, Infinity, Number.NaN]), ...AROUND]),
  'alpha alone diverges': roles(alone(BASE, BASE, ['alpha-only', BROKEN])),
  'the base has no points': breaks(),
  'the base is infinite': breaks(1, 2, Infinity, Number.NaN),
  'the base is no number': breaks(1, Number.NaN, Number.NaN, Number.NaN),
  'the base hardly learns': breaks(1, 1, 1, 1 + 1e-7),
  'the base is zero': breaks(0, 0, 0, 0),
  'the base explodes': roles(alone(EXPLODING, [1, 10, 1e3, Infinity])),
  'the base explodes, and the bits agree': roles(alone(EXPLODING, EXPLODING)),
  'controls that break': roles(alone(BASE, off(0.1, 1), ['control', [1, 0.8, Infinity, Number.NaN]]), AT_3),
  'rounding moves the loss as far as the training': roles(alone(BASE, off(0.1, 1), ...NOISY), AT_3),
  'rounding moves the loss as far as the training, and the bits agree': roles(alone(BASE, BASE, ...NOISY)),
  'a loss that vanishes': roles(
    alone(
      VANISHING,
      [1, 1e-3, 1.002e-9, 0],
      ['proof', VANISHING],
      ['alpha-only', [1, 0.5, 0.1, 0.05]],
      ['control', [1, 1e-3, 1.001e-9, 3e-14]],
    ),
    AT_3,
  ),
  'even alpha alone stays within rounding': roles(alone(BASE, BASE, ['alpha-only', off(1e-5)], ['control', off(1e-5)])),
  'a wild run whose plan is proven': roles(alone(BASE, off(0.2, 1), ['proof', BASE], ...WILD), AT_3),
  'a wild run whose plan is not': roles(alone(BASE, off(0.2, 1), ['proof', off(0.1, 1)], ...WILD), AT_3),
  'a proven plan that drifts as far as the rule at other scalings': drifting(BASE),
  'what is not proven stays with the controls': drifting(off(1e-6, 1)),
  'a proven plan that drifts further': drifting(BASE, off(3e-2, 3)),
  'a sweep with the same bits': roles(alone(BASE, BASE, ['rescaled', BASE])),
  'a sweep, by its worst': roles(alone(BASE, BASE, ['rescaled', off(0.1)])),
  'the second draw is the worst': draws(),
  'the first draw is worse': draws([1, off(1e-1, 2)]),
  'the first draw is better': draws([1, off(1e-3, 2)]),
  'all draws agree': draws([4, half(BASE)]),
};

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? (Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value)) : value;

function textOf({ spec: made, result }: Case): string {
  const verdict = runVerdict(made, result);
  const { headline, shown, detail, aside } = verdictWords(made, verdict);
  const facts = Object.entries(verdict)
    .filter(([, value]) => value !== null && (!Array.isArray(value) || value.length > 0))
    .map(([name, value]) => `${name} ${JSON.stringify(value, rounded)}`);
  const looks = [lookOf(verdict), ...verdict.deviations.slice(1, 2).map((by) => lookOf(verdict, by))];
  return [...facts, `looks ${looks.join(', ')}`, headline, shown ?? '-', detail, aside].join('\n  ');
}

it('gives the verdict and the words of every case', async () => {
  const texts = Object.entries(CASES).map(([title, one]) => `--- ${title}\n  ${textOf(one)}\n`);
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'verdicts.txt'));
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
