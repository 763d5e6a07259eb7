import { build } from 'esbuild';
import fc from 'fast-check';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { specFor } from '../../../../src/experiment/specs/spec-for';
import { sweepSpec } from '../../../../src/experiment/specs/sweep';
import { runVerdict } from '../../../../src/experiment/verdict/verdict';
import { curveLabel } from '../../../../src/experiment/words/curves';
import { sizeWords } from '../../../../src/experiment/words/sizes';
import { verdictWords } from '../../../../src/experiment/words/verdict-words';
import { type ExperimentSpec, type VariantSpec, experimentSpec } from '../../../../src/experiment/spec';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, PlanId } from '../../../../src/recipe/plans/plan';
import { OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import { RecipeError, scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';
import { verdictOf } from '../support/verdict';

const auto = { backend: 'wasm' } as const;

function prepared(of: Recipe, alpha: number, plan: PlanId = 'symmetric', without: Field[] = []) {
  const settable = new Set([...everyKnob.settable].filter((field) => !without.includes(field)));
  return specFor(of, plansFor(of, alpha, { settable }), plan, auto);
}

function named({ variants }: ExperimentSpec, name: string): VariantSpec {
  const found = variants.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no variant ${name} among ${variants.map((one) => one.name).join(', ')}`);
  return found;
}

const names = ({ variants }: ExperimentSpec): string[] =>
  variants.filter(({ role }) => role !== 'control' && role !== 'wrong-number').map(({ name }) => name);

const sgd = recipeWith({
  learningRate: 0.1,
  maxGradNorm: null,
  optimizer: { ...recipeWith().optimizer, name: 'sgd', row: 'sgd', eps: null, betas: null, weightDecay: 0 },
});

describe('specFor', () => {
  it('trains the user’s own numbers, and those of the plan', () => {
    const { spec } = prepared(recipeWith(), 64);
    const hyper = { lr: 2e-4, weightDecay: 0.01, constants: { eps: 1e-8 } };
    expect(named(spec, 'base')).toMatchObject({ a: hyper, b: hyper, scaling: 1, maxGradNorm: 1 });
    const moved = { lr: 1e-4, weightDecay: 0.02, constants: { eps: 2e-8 } };
    const init = { A: 0.5, B: 0.5 };
    expect(named(spec, 'rescaled')).toMatchObject({ a: moved, b: moved, scaling: 4, init, maxGradNorm: 2 });
    expect(named(spec, 'alpha-only')).toMatchObject({ a: hyper, scaling: 4, init: { A: 1, B: 1 } });
    expect(named(spec, 'blog-rule')).toMatchObject({ a: { lr: 5e-5 }, scaling: 4, init, maxGradNorm: 1 });
    expect(named(spec, 'lr-only')).toMatchObject({ role: 'plan', a: { lr: 5e-5 }, init: { A: 1, B: 1 } });
  });

  it('starts every variant as code in place does', () => {
    const { variants } = prepared({ ...recipeWith(), initFactors: { A: 0.5, B: 0.25 } }, 64).spec;
    expect(variants.map(({ name, init }) => [name, init.A, init.B])).toEqual(
      prepared(recipeWith(), 64).spec.variants.map(({ name, init }) => [name, init.A / 2, init.B / 4]),
    );
  });

  it('has every kind of variant just where it says something', () => {
    const others = ['base', 'rescaled', 'alpha-only', 'blog-rule', 'lr-only'];
    expect(names(prepared(recipeWith(), 64).spec)).toEqual(others);
    expect(names(prepared(recipeWith(), 48).spec)).toEqual([
      'base',
      'rescaled',
      'as-written',
      ...others.slice(2),
      'proof',
    ]);
    // Under SGD the blog's rule is the plan itself; lr / √3 is rounded, lr / 3 too.
    expect(names(prepared(sgd, 64).spec)).toEqual(['base', 'rescaled', 'alpha-only', 'lr-only']);
    // A plan of the rate alone is not what the rule asks for, which is trained beside it.
    expect(names(prepared(sgd, 64, 'lr-only').spec)).toEqual(['base', 'rescaled', 'alpha-only', 'symmetric', 'rule']);
    expect(names(prepared(recipeWith(), 16).spec)).toEqual(['base', 'rescaled', 'lr-only']);
    expect(
      prepared(recipeWith(), 64).spec.variants.filter(({ role }) => role === 'control').length,
    ).toBeGreaterThanOrEqual(6);
  });

  it.each([
    [17, 4],
    [48, 4],
    [15, 1 / 4],
    [8, 1 / 4],
    [320, 16],
    [0.3, 1 / 64],
  ])('proves alpha 16 → %d at the power of four k = %d', (alpha, k) => {
    expect(named(prepared(recipeWith(), alpha).spec, 'proof')).toMatchObject({
      scaling: k,
      gauge: { p: Math.sqrt(k) },
    });
  });

  it('trains what will be written where rounding changes a number', () => {
    const { spec } = prepared(recipeWith(), 48);
    expect(named(spec, 'as-written')).toMatchObject({
      a: { lr: 1.1547e-4, weightDecay: 0.0173205, constants: { eps: 1.73205e-8 } },
      maxGradNorm: 1.73205,
      init: named(spec, 'rescaled').init,
    });
  });

  it('trains without decay what the trainer would train without', () => {
    const loraplus = { dropsDecay: true, vectorsWithB: true };
    const support = { settable: new Set<Field>([...everyKnob.settable, 'loraplusLrRatio']), loraplus };
    const of = recipeWith();
    const { spec } = specFor(of, plansFor(of, 4 * of.alpha, support), 'keep-init', auto);
    const decays = (name: string): number[] => [named(spec, name).a.weightDecay, named(spec, name).b.weightDecay];
    expect(decays('base').every((decay) => decay > 0)).toBe(true);
    expect(decays('rescaled')).toEqual([0, 0]);
    expect(decays('symmetric').every((decay) => decay > 0)).toBe(true);
  });

  it('leaves alone what the trainer has no key for', () => {
    const { spec } = prepared(recipeWith(), 64, 'symmetric', ['eps', 'maxGradNorm', 'weightDecay']);
    expect(named(spec, 'rescaled')).toMatchObject({
      a: { lr: 1e-4, weightDecay: 0.01, constants: { eps: 1e-8 } },
      maxGradNorm: 1,
    });
  });

  it('moves what nobody states by the rule, and says so', () => {
    const bare = recipeWith({
      learningRate: null,
      maxGradNorm: null,
      optimizer: { ...recipeWith().optimizer, name: null, row: null, eps: null, betas: null, weightDecay: null },
    });
    const { spec, assumptions } = prepared(bare, 64, 'symmetric', ['eps', 'weightDecay']);
    expect(named(spec, 'base').a).toEqual({ lr: 1e-3, weightDecay: 0.01, constants: { eps: 1e-8 } });
    expect(named(spec, 'rescaled').a).toEqual({ lr: 5e-4, weightDecay: 0.02, constants: { eps: 2e-8 } });
    const text = assumptions.join('\n');
    // The numbers may be set outside of this file, so the note calls them unknown, not missing.
    for (const name of ['learning rate', 'eps', 'weight decay']) expect(text).toContain(`The ${name} is unknown`);
    expect(text).toContain('No optimizer is stated');
  });

  it('trains A and B at rates of their own', () => {
    const plus = recipeWith({ loraplusLrRatio: 16 });
    const { spec } = prepared(plus, 48);
    expect(named(spec, 'base')).toMatchObject({ a: { lr: 2e-4 }, b: { lr: 3.2e-3 } });
    const { a, b } = named(spec, 'as-written');
    expect(a.lr).toBe(1.1547e-4);
    expect(b.lr / a.lr).toBeCloseTo(16, 12);
  });

  it('squeezes the schedule into the run', () => {
    const schedule = (fields: Partial<Recipe>) => prepared(recipeWith(fields), 64).spec.schedule;
    expect(schedule({})).toEqual({ kind: 'cosine', warmupSteps: 6 });
    expect(schedule({ scheduler: 'linear', warmup: 1000 })).toEqual({ kind: 'linear', warmupSteps: 20 });
    expect(schedule({ scheduler: null, warmup: null })).toEqual({ kind: 'constant', warmupSteps: 0 });
  });

  it('trains DoRA as DoRA, its magnitudes with the numbers of their group', async () => {
    const { spec, assumptions } = prepared(recipeWith({ useDora: true, loraplusLrRatio: 4 }), 64);
    expect(spec).toMatchObject({ task: 'linear', useDora: true });
    const [base, rescaled] = spec.variants;
    expect(base?.m).toEqual(base?.a);
    expect(rescaled?.m).toEqual(rescaled?.a);
    expect(assumptions.join(' ')).toMatch(/one DoRA layer.*magnitudes train in the trainer's group/);
    const verdict = runVerdict(spec, await run(spec));
    // Their rate moves along, and nothing makes up for it.
    expect(verdict.kind).toBe('different');
    expect(verdict.departures).toContainEqual({ what: 'lr', owner: 'm', by: 1 / 2, right: 1 });
  });

  it('says what the toy leaves out', () => {
    const { assumptions } = prepared(
      recipeWith({
        rank: 64,
        scaling: 0.25,
        dropout: 0.05,
        useDora: true,
        init: 'pissa',
        scheduler: 'polynomial',
        warmup: 100,
      }),
      64,
    );
    const text = assumptions.join('\n');
    for (const word of ['rank 8 in place of 64', 'dropout', 'DoRA', 'pissa', 'polynomial', 'warm-up', '1e-6']) {
      expect(text).toContain(word);
    }
    expect(assumptions.every((sentence) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
  });

  it('refuses with the plan’s own reason', () => {
    const odd = recipeWith({ optimizer: { ...recipeWith().optimizer, name: 'sgdm-x', row: null } });
    expect(() => prepared(odd, 64)).toThrow(/Unknown optimizer: sgdm-x\. So no equivalent/);
  });

  it('needs no tfjs and draws nothing, so that an editor can build a spec without either', async () => {
    const { metafile } = await build({
      stdin: {
        contents:
          "export * from './specs/spec-for'; export * from './specs/sweep'; export * from './verdict/verdict'; export * from './words/verdict-words';",
        resolveDir: resolve(__dirname, '../../../../src/experiment'),
      },
      bundle: true,
      write: false,
      metafile: true,
      logLevel: 'error',
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContainEqual(expect.stringContaining('experiment/cost/time.ts'));
    expect(inputs.filter((input) => /@tensorflow|pure-rand|experiment\/draw\//.test(input))).toEqual([]);
  });

  it('makes a spec that its worker takes, whatever the recipe’s numbers, or names the one that is none', () => {
    const any = fc.oneof(fc.constant(null), fc.double(), fc.constantFrom(0, -1, Number.NaN, Infinity, 1e-30, 1e30));
    const rows = fc.constantFrom(...OPTIMIZER_ROWS.map(({ id }) => id));
    const anyRecipe = fc.record({
      row: rows,
      rank: fc.integer({ min: 1, max: 65536 }),
      alpha: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      n: fc.record({ a: any, b: any, c: any, d: any, e: any, f: any, g: any }),
    });
    fc.assert(
      fc.property(anyRecipe, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), ({ row, rank, alpha, n }, target) => {
        const moved = { eps: n.f, weightDecay: n.g, momentum: n.a, betas: [n.b ?? 0, n.c ?? 0] as const };
        const odd = recipeWith({
          rank,
          alpha,
          scaling: scalingOf('standard', alpha, rank),
          learningRate: n.a,
          lrB: n.b,
          loraplusLrRatio: n.c,
          maxGradNorm: n.d,
          warmup: n.e,
          optimizer: { ...recipeWith().optimizer, row, ...moved },
        });
        try {
          const plans = plansFor(odd, target, everyKnob);
          const [first] = plans.plans;
          if (!first) return void expect(plans.refusal).not.toBeNull();
          expect(v.is(experimentSpec, specFor(odd, plans, first.id, auto).spec)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RecipeError);
          expect((error as RecipeError).message).toContain((error as RecipeError).field);
        }
      }),
    );
  });
});

describe('an optimizer without a rule', () => {
  const lion = recipeWith({
    learningRate: 1,
    maxGradNorm: null,
    optimizer: {
      ...recipeWith().optimizer,
      name: 'DAdaptLion',
      row: 'dadapt-lion',
      eps: null,
      betas: [0.9, 0.99],
      weightDecay: 0,
      constants: { d0: 1e-6 },
    },
  });

  it('is trained at the rates that people try, without a proof or a contrast that claims a rule', () => {
    const { spec } = prepared(lion, 48, 'lr-only');
    expect(names(spec)).toEqual(['base', 'planned', 'as-written', 'alpha-only', 'rate-by-root', 'rate-by-k']);
    const rates = ['alpha-only', 'rate-by-root', 'rate-by-k'].map((name) => named(spec, name));
    expect(rates.map(({ a }) => a.lr)).toEqual([1, 1 / Math.sqrt(3), 1 / 3]);
    for (const { a, b, scaling, init } of rates) {
      expect([a, scaling, init]).toEqual([b, 3, { A: 1, B: 1 }]);
      expect(a.constants).toEqual({ d0: 1e-6 });
    }
    expect(named(spec, 'planned')).toMatchObject({ role: 'rescaled', a: { lr: 1 / 3, constants: { d0: 1e-6 } } });
    expect(named(spec, 'as-written').b.lr).toBe(0.333333);
    expect(v.is(experimentSpec, spec)).toBe(true);
  });

  it('learns, and the words name the rate that came closest and promise nothing', async () => {
    const { spec } = prepared(lion, 64, 'lr-only');
    const result = await run(spec);
    const [base = []] = result.losses;
    expect(base.at(-1)).toBeLessThan(0.5 * (base[0] ?? 0));
    const verdict = runVerdict(spec, result);
    expect(verdict.kind).toBe('different');
    const { headline, detail, aside } = verdictWords(spec, verdict);
    const far = (name: string): number => verdict.deviations[spec.variants.findIndex((one) => one.name === name)] ?? 0;
    const tried = { 'alpha alone': far('alpha-only'), 'lr / √k': far('rate-by-root'), 'lr / k': far('rate-by-k') };
    const order = Object.entries(tried).toSorted(([, one], [, other]) => one - other);
    expect(headline).toBe(`No rule is known; ${order[0]?.[0]} came closest`);
    const said = order.map(([label, deviation]) => `${label} is ${sizeWords(deviation)} apart`).join(', ');
    expect(detail).toContain(`Compared with the baseline: ${said}.`);
    expect(aside).toMatch(/None of them is the same run. Your run may differ more/);
    expect(curveLabel(named(spec, 'planned'))).toBe('as planned');
  });

  it('says so where rounding is all that is left, and where all diverge', () => {
    const { spec } = prepared(lion, 64, 'lr-only');
    const wordsOf = (near: number, far: number): ReturnType<typeof verdictWords> => {
      const deviations = spec.variants.map(({ name }) => (name === 'rate-by-k' ? near : far));
      return verdictWords(spec, { ...verdictOf('equivalent'), deviations, envelope: 1e-7 });
    };
    expect(wordsOf(1e-8, 0.5)).toMatchObject({
      headline: 'No rule is known; lr / k came closest',
      aside: expect.stringContaining('within the rounding error here. Your run may differ more') as string,
    });
    const lost = wordsOf(Infinity, Infinity);
    expect(lost.headline).toBe('No rule is known; every learning rate that was tried diverges');
    expect(lost.detail).toContain('alpha alone diverges');
  });

  it('cannot be swept', () => {
    expect(() => sweepSpec({ alphas: [4], recipe: lion, backend: 'wasm' })).toThrow(
      /no rule is known for D-Adaptation/,
    );
  });
});

it.each(['bnb-lamb', 'bnb-lars'])('shows that under %s nothing is learned, and says why', async (row) => {
  const recipe = recipeWith({ learningRate: 1e-2, optimizer: { ...recipeWith().optimizer, row, momentum: 0.9 } });
  const { spec } = prepared(recipe, 64);
  const verdict = runVerdict(spec, await run(spec));
  expect(verdict).toMatchObject({ kind: 'undecided', reason: 'still' });
  const { detail, aside } = verdictWords(spec, verdict);
  expect(detail).toMatch(/^Nothing is learned here\. bitsandbytes cuts every step.*B never moves/);
  expect(aside).toMatch(/another optimizer, or an init with B/);
});

describe('the toy', () => {
  /** What a row has where the symmetric gauge is not for it. */
  const PLAN_OF: Readonly<Record<string, PlanId>> = { 'lora-fa': 'keep-init' };
  const bare = { ...recipeWith().optimizer, eps: null, betas: null, weightDecay: null };
  const rates: [string, number][] = [
    ['adamw', 2e-6],
    ['adamw', 1e-5],
    ['adamw', 2e-4],
    ['adam', 1e-3],
    ['sgd', 2e-6],
    ['sgd', 1e-3],
    ['sgd', 0.1],
  ];
  const cases = rates.flatMap(([row, learningRate]) => [1, 64].map((rank) => [row, learningRate, rank] as const));

  it.each(cases)(
    'learns under %s at %d, rank %d, and tells the right rule from the wrong ones',
    async (row, learningRate, rank) => {
      const own = recipeWith({
        rank,
        alpha: 16,
        scaling: 16 / rank,
        learningRate,
        optimizer: { ...recipeWith().optimizer, row },
      });
      for (const [alpha, kind] of [
        [64, 'identical'],
        [48, 'equivalent'],
      ] as const) {
        const { spec } = prepared(own, alpha);
        const result = await run(spec);
        const verdict = runVerdict(spec, result);
        expect(verdict).toMatchObject({ kind });
        const base = result.losses[0] ?? [];
        expect(base.at(-1)).toBeLessThan(0.9 * (base[0] ?? 0));
        const alone = verdict.deviations[spec.variants.findIndex(({ role }) => role === 'alpha-only')] ?? 0;
        expect(alone).toBeGreaterThan(1000 * verdict.envelope);
      }
      // Which rate fits best is asked elsewhere.
      const { fit, ...spec } = prepared(own, 48, 'lr-only').spec;
      expect(fit).toBeDefined();
      expect(runVerdict(spec, await run(spec))).toMatchObject({ kind: 'different', proof: { identical: false } });
    },
  );

  // Rows whose steps are counted in learning rates; the others find or scale their steps by the weights.
  const counted = OPTIMIZER_ROWS.filter(
    ({ e, gauges, rate, stuck }) => e === 0 && gauges === undefined && rate === undefined && stuck === undefined,
  );

  it.each(counted.map((row) => [row.id, row] as const))(
    'moves under %s at the rates that are usual',
    async (id, row) => {
      for (const learningRate of [row.defaults.learningRate, row.defaults.learningRate / 100]) {
        const own = recipeWith({ learningRate, optimizer: { ...bare, row: id } });
        const { variants, ...toy } = specFor(own, plansFor(own, 64, everyKnob), PLAN_OF[id] ?? 'symmetric', auto).spec;
        const [base = []] = (await run({ ...toy, variants: variants.slice(0, 1) })).losses;
        expect(base.at(-1)).toBeLessThan(0.95 * (base[0] ?? 0));
        expect(Math.max(...base)).toBeLessThan(2 * (base[0] ?? 0));
      }
    },
  );

  it('shows what a forgotten clip threshold and a forgotten decay cost', async () => {
    for (const field of ['maxGradNorm', 'weightDecay'] as const) {
      const { spec } = prepared(recipeWith({ learningRate: 1e-3 }), 64, 'symmetric', [field]);
      expect(runVerdict(spec, await run(spec)).kind).toBe('different');
    }
  });
});
