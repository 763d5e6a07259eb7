import { describe, expect, it } from 'vitest';
import { compare, type Comparison } from '../../../../src/recipe/compare/compare-recipes';
import { roundSignificant } from '../../../../src/recipe/notation';
import type { OptimizerSettings, Recipe } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';

/** AdamW at a scaling of 1, without what only matters at the edge. */
const plain = (fields: Partial<Recipe> = {}, optimizer: Partial<OptimizerSettings> = {}): Recipe =>
  recipeWith({
    maxGradNorm: 0,
    optimizer: { ...recipeWith().optimizer, weightDecay: 0, eps: 0, ...optimizer },
    ...fields,
  });
const sgd = (fields: Partial<Recipe> = {}): Recipe =>
  plain(fields, { name: 'sgd', row: 'sgd', eps: null, betas: null });
const alpha64 = { alpha: 64, scaling: 4 };
const partOf = ({ compared }: Comparison, key: string): Comparison['compared'][number] | undefined =>
  compared.find((each) => each.key === key);
const differing = ({ compared }: Comparison): string[] =>
  compared.filter(({ same }) => same === false).map(({ key }) => key);
const changesOf = ({ ways }: Comparison, id = ways[0]?.id): Record<string, unknown> =>
  Object.fromEntries((ways.find((way) => way.id === id)?.changes ?? []).map(({ field, to }) => [field, to]));

describe('compare', () => {
  it('calls both recipes by the names that it is given', () => {
    const names = { first: 'a.yml', second: 'b.yml' };
    expect(compare(plain(), plain(alpha64), { names }).meaning).toMatch(
      /^Different runs: in b\.yml, B learns 4× faster, A as fast as in a\.yml\. That is a\.yml with alpha × 4/,
    );
  });

  it('says the same of the same', () => {
    const result = compare(recipeWith(), recipeWith());
    expect(result).toMatchObject({
      same: true,
      ways: [],
      meaning: 'The same run: every number that decides it agrees.',
    });
    expect(result.compared.every(({ why, ratio }) => why === '' && (ratio === 1 || ratio === null))).toBe(true);
  });

  it('reads alpha × 4 alone, under Adam, as LoRA+ with ratio 4', () => {
    const result = compare(plain(), plain(alpha64));
    expect(result.same).toBe(false);
    expect(differing(result)).toEqual(['reach']);
    expect(partOf(result, 'reach')).toMatchObject({ ratio: 4, why: 'B learns 4× faster.' });
    expect(result.meaning).toBe(
      'Different runs: in the second, B learns 4× faster, A as fast as in the first. That is the first with alpha × 4 and nothing else changed, or with LoRA+ at a ratio of 4.',
    );
  });

  it('says that LoRA+ with ratio 4 and alpha × 4 are one run', () => {
    expect(compare(plain({ loraplusLrRatio: 4 }), plain(alpha64)).same).toBe(true);
    expect(compare(sgd({ loraplusLrRatio: 16 }), sgd(alpha64)).same).toBe(true);
    expect(compare(sgd({ loraplusLrRatio: 4 }), sgd(alpha64)).same).toBe(false);
  });

  it('does not, where eps, decay and clipping have a say', () => {
    const result = compare(recipeWith({ loraplusLrRatio: 4 }), recipeWith(alpha64));
    expect(differing(result)).toEqual(['decayB', 'epsB', 'clipB']);
    expect(partOf(result, 'decayB')).toMatchObject({ ratio: 1 / 4, why: 'B forgets 4× slower at each step.' });
    expect(partOf(result, 'clipB')?.why).toBe('Relative to the gradients of B, max grad norm is 4× lower.');
    expect(result.meaning).toBe('Different runs. What differs: decay of B, eps of B, max grad norm of B.');
  });

  it('holds clip thresholds by value against the gradients, and one against none', () => {
    const valued = plain({ maxGradValue: 1 });
    const moved = compare(valued, plain({ ...alpha64, loraplusLrRatio: 1 / 4, maxGradValue: 1 }));
    expect(differing(moved)).toEqual(['clipValueB']);
    expect(moved.meaning).toBe('Different runs. What differs: max grad value of B.');
    expect(partOf(moved, 'clipValueB')?.why).toBe('Relative to the gradients of B, max grad value is 4× lower.');
    for (const pair of [[plain(), valued] as const, [valued, plain({ maxGradValue: 0 })] as const]) {
      const result = compare(...pair);
      expect(differing(result)).toEqual(['clipValueA', 'clipValueB']);
      expect(changesOf(result)).toEqual({ maxGradValue: pair[0].maxGradValue ?? 0 });
      expect(partOf(result, 'clipValueB')?.why).toBe('Max grad value is on in only one of the two.');
    }
    expect(partOf(compare(plain(), plain({ maxGradNorm: 1 })), 'clipB')?.why).toBe(
      'Max grad norm is on in only one of the two.',
    );
    expect(partOf(compare(plain(), plain({}, { eps: 1e-8 })), 'epsB')?.why).toBe('eps is on in only one of the two.');
  });

  it('sees that per-step decay is as it was when alpha alone is raised', () => {
    const result = compare(recipeWith(), recipeWith(alpha64));
    expect(result.meaning).toMatch(
      /alpha × 4 and nothing else changed; A and B learn as with LoRA\+ at a ratio of 4\.$/,
    );
    expect(partOf(result, 'decayB')?.why).toBe(
      'B forgets as fast at each step, but that is 4× less beside how fast it learns.',
    );
  });

  it('reads α/√r and α/r, and every trainer’s word for them, by the scaling alone', () => {
    const rslora = recipeWith({ alpha: 4, scalingRule: 'rslora', scaling: 1 });
    const direct = recipeWith({ alpha: 1, scalingRule: 'direct', scaling: 1 });
    expect(compare(recipeWith(), rslora).same).toBe(true);
    expect(compare(rslora, direct).same).toBe(true);
  });

  it('takes a rewritten recipe for the same run once code has divided its init', () => {
    const third = (power: number, value: number): number => roundSignificant(value * 3 ** power);
    const rewritten = recipeWith({
      alpha: 48,
      scaling: 3,
      learningRate: third(-0.5, 2e-4),
      maxGradNorm: third(0.5, 1),
      optimizer: { ...recipeWith().optimizer, eps: third(0.5, 1e-8), weightDecay: third(0.5, 0.01) },
    });
    const untouched = { A: 1, B: 1 };
    const divided = compare(recipeWith(), rewritten, { init: [untouched, { A: 3 ** -0.5, B: 1 }] });
    expect(divided.same).toBe(true);
    expect(divided.meaning).toMatch(/^The same run: every change makes up for the scaling/);
    const [way] = compare(recipeWith(), rewritten).ways;
    expect(way).toMatchObject({ id: 'init', left: [] });
    expect(way?.changes.map(({ field }) => field)).toEqual(['init']);
    expect(way?.init.A).toBeCloseTo(3 ** -0.5, 12);
  });

  it('needs no code where the init makes up for the scaling', () => {
    const base = plain({ init: 'pissa' });
    const result = compare(base, { ...base, ...alpha64, learningRate: 1e-4 });
    expect(result.same).toBe(true);
  });

  it('does not take OLoRA at another scaling for the same run, whatever its numbers', () => {
    const base = plain({ init: 'olora' });
    const result = compare(base, { ...base, ...alpha64, learningRate: 1e-4 });
    expect(differing(result)).toContain('residual');
    expect(result.ways.map(({ id }) => id)).toEqual(['alpha']);
  });

  it('lets A’s rate alone make up for the scaling where B is frozen (MiCA)', () => {
    const base = plain({ init: 'mica' });
    expect(compare(base, { ...base, ...alpha64, learningRate: 5e-5 }).same).toBe(true);
    expect(changesOf(compare(base, { ...base, ...alpha64 }), 'numbers')).toEqual({ learningRate: 5e-5 });
  });

  it('finds the shortest change that makes both one run', () => {
    const result = compare(plain(), plain(alpha64));
    expect(result.ways.map(({ id, changes }) => [id, changes.length])).toEqual([
      ['numbers', 1],
      ['alpha', 1],
      ['init', 2],
    ]);
    expect(changesOf(result, 'numbers')).toEqual({ loraplusLrRatio: 1 / 4 });
    expect(changesOf(result, 'alpha')).toEqual({ alpha: 16 });
    expect(changesOf(result, 'init')).toEqual({ init: 0.5, learningRate: 1e-4 });
  });

  it('says what numbers alone leave over', () => {
    const numbers = compare(recipeWith(), recipeWith(alpha64)).ways.find(({ id }) => id === 'numbers');
    expect(numbers?.left.map(({ key }) => key)).toEqual(['decayB', 'epsB', 'clipB']);
    expect(compare(recipeWith(), recipeWith(alpha64)).ways[0]).toMatchObject({ id: 'alpha', left: [] });
  });

  it('does not take a number of six digits for another', () => {
    const rate = 2e-4 / Math.sqrt(7);
    expect(compare(recipeWith({ learningRate: rate }), recipeWith({ learningRate: roundSignificant(rate) })).same).toBe(
      true,
    );
    const three = compare(recipeWith({ learningRate: rate }), recipeWith({ learningRate: roundSignificant(rate, 3) }));
    expect(three.same).toBe(false);
    expect(three.meaning).toMatch(/both A and B learn 0\.\d+ % (faster|slower)/);
  });

  it('refuses to compare ranks', () => {
    const result = compare(recipeWith(), recipeWith({ rank: 32, alpha: 32 }));
    expect(result).toMatchObject({ same: false, ways: [] });
    expect(result.meaning).toMatch(
      /^Different runs, and no learning rate makes them the same\. Recipes of different rank/,
    );
  });

  it('has no common measure for two optimizers', () => {
    const result = compare(recipeWith(), sgd());
    expect(result).toMatchObject({ same: false, ways: [] });
    expect(partOf(result, 'optimizer')?.why).toBe(
      'AdamW and SGD take other steps, so no learning rate of one is one of the other.',
    );
    expect(partOf(result, 'pace')).toBeUndefined();
  });

  it('knows that Adam and AdamW are one where neither decays', () => {
    const adam = { name: 'adam', row: 'adam' };
    expect(compare(plain(), plain({}, adam)).same).toBe(true);
    expect(compare(plain({}, { weightDecay: 0.1 }), plain({}, { ...adam, weightDecay: 0.1 })).same).toBe(false);
  });

  it('can tell nothing of an optimizer without a rule, but that equal numbers are equal', () => {
    const mystery = { name: 'mystery', row: null };
    expect(compare(plain({}, mystery), plain({}, mystery)).same).toBe(true);
    expect(compare(plain({}, mystery), plain({ learningRate: 1e-3 }, mystery)).same).toBe(false);
    const moved = compare(plain({}, mystery), plain(alpha64, mystery));
    expect(moved).toMatchObject({ same: null, ways: [] });
    expect(partOf(moved, 'scaling')?.why).toMatch(/No rule is known/);
    expect(compare(plain({}, mystery), plain()).same).toBeNull();
  });

  it('calls runs nearly the same that differ in an eps that only guards a division', () => {
    const guarded = (eps: number): Comparison => compare(plain({}, { eps: 1e-8 }), plain({}, { eps }));
    const result = guarded(4e-8);
    expect(result.same).toBe(false);
    expect(result.meaning).toBe(
      'Nearly the same run: only eps of A, eps of B differ, which matters only where gradients are about as small.',
    );
    expect(guarded(1e-4).meaning).toMatch(/^Different runs/);
    // Where the step is as large as the gradient, or more than eps differs, it is no matter of guards.
    const adadelta = { name: 'Adadelta', row: 'adadelta', betas: null };
    expect(compare(plain({}, { ...adadelta, eps: 1e-8 }), plain({}, { ...adadelta, eps: 2e-8 })).meaning).toMatch(
      /^Different runs/,
    );
    expect(compare(plain({}, { eps: 1e-8 }), plain({ dropout: 0.1 }, { eps: 4e-8 })).meaning).toMatch(
      /^Different runs/,
    );
    const plus = plain({ ...alpha64, loraplusLrRatio: 0.25 }, { eps: 1e-8 });
    expect(compare(plain({}, { eps: 1e-8 }), plus).meaning).toMatch(/^Nearly the same run: only eps of B differs,/);
  });

  it('can tell no more of one that can be trained but has no rule', () => {
    const lion = { name: 'DAdaptLion', row: 'dadapt-lion', eps: null, constants: { d0: 1e-6 } };
    expect(compare(plain({}, lion), plain({}, lion)).same).toBe(true);
    // What nobody writes is the default of the class.
    expect(compare(plain({}, lion), plain({}, { ...lion, constants: {} })).same).toBe(true);
    expect(compare(plain({}, lion), plain({}, { ...lion, constants: { d0: 1e-5 } })).same).toBe(false);
    const moved = compare(plain({}, lion), plain({ ...alpha64, learningRate: 1e-3 }, lion));
    expect(moved).toMatchObject({ same: null, ways: [] });
    expect(partOf(moved, 'scaling')?.why).toMatch(/No rule is known/);
    expect(compare(plain({}, lion), plain()).same).toBe(false);
  });

  it('calls inits of different kinds different', () => {
    const gaussian = plain({ init: 'gaussian' });
    const result = compare(plain(), gaussian);
    expect(result.same).toBe(false);
    expect(partOf(result, 'init')?.why).toMatch(/1\/√in_features.*1\/rank/);
    expect(partOf(result, 'pace')).toMatchObject({ ratio: null, same: null });
    expect(compare(plain(), plain({ init: 'uniform' })).same).toBe(true);
  });

  it('counts DoRA’s magnitudes, which no gauge touches', () => {
    const dora = recipeWith({ useDora: true });
    expect(partOf(compare(recipeWith(), dora), 'useDora')?.same).toBe(false);
    const moved = compare(dora, { ...dora, ...alpha64, learningRate: 1e-4 });
    expect(partOf(moved, 'rateM')).toMatchObject({ ratio: 0.5, why: 'The part without scaling learns 2× slower.' });
  });

  it('counts whole modules that train beside LoRA, and states in 8 bits', () => {
    const head = recipeWith({ unscaled: ['lm_head'] });
    expect(partOf(compare(recipeWith(), head), 'unscaled')).toMatchObject({
      first: 'none',
      second: 'lm_head',
      same: false,
    });
    expect(differing(compare(head, { ...head, ...alpha64, learningRate: 1e-4 }))).toContain('rateM');
    const coarse = recipeWith({ optimizer: { ...recipeWith().optimizer, name: 'adamw_8bit', quantized: true } });
    expect(differing(compare(recipeWith(), coarse))).toEqual(['stateBits']);
  });

  it('takes what neither states as the same, and says what one does not', () => {
    const silent = recipeWith({
      learningRate: null,
      maxGradNorm: null,
      optimizer: { ...recipeWith().optimizer, name: null, row: null, eps: null, weightDecay: null },
    });
    expect(compare(silent, silent).same).toBe(true);
    expect(differing(compare(silent, { ...silent, ...alpha64 }))).toContain('reach');
    const half = compare(silent, recipeWith());
    expect(half.same).toBeNull();
    expect(partOf(half, 'pace')?.why).toBe('Not stated in the first.');
  });

  it('compares schedules by what they are, not by the trainer’s word', () => {
    const word = (scheduler: string): Recipe => recipeWith({ scheduler });
    expect(compare(word('cosine'), word('get_cosine_schedule_with_warmup')).same).toBe(true);
    expect(differing(compare(word('cosine'), word('linear')))).toEqual(['scheduler']);
    expect(partOf(compare(recipeWith({ warmup: 0.03 }), recipeWith({ warmup: 100 })), 'warmup')?.same).toBeNull();
  });

  it('compares target modules as sets, and a pattern with nothing but itself', () => {
    const at = (targetModules: Recipe['targetModules']): Recipe => recipeWith({ targetModules });
    expect(compare(at(['q_proj', 'v_proj']), at('v_proj,q_proj')).same).toBe(true);
    expect(compare(at('all'), at('all-linear')).same).toBe(true);
    expect(compare(at(['q_proj']), at(['v_proj'])).same).toBe(false);
    expect(compare(at(['q_proj']), at('all-linear')).same).toBeNull();
  });

  it('does not vouch for embedding layers, which start the other way round, at another scaling', () => {
    const embeds = plain({ targetModules: ['q_proj', 'embed_tokens'] });
    expect(compare(embeds, embeds).same).toBe(true);
    const twin = compare({ ...embeds, loraplusLrRatio: 4 }, { ...embeds, ...alpha64 });
    expect(twin.same).toBeNull();
    expect(partOf(twin, 'embeddings')?.why).toMatch(/A at zero and B at random/);
  });

  it('does not know whether a bias of B trains the same at another scaling', () => {
    const biased = plain({ loraBias: true });
    const twin = compare({ ...biased, loraplusLrRatio: 4 }, { ...biased, ...alpha64 });
    expect(twin.same).toBeNull();
    expect(partOf(twin, 'loraBias')?.why).toMatch(/bias/);
    expect(compare(biased, biased).same).toBe(true);
    expect(compare(biased, plain()).same).toBe(false);
  });

  it('takes Prodigy’s first guess of the distance for the rate it is', () => {
    const prodigy = (fields: Partial<Recipe>, d0: number): Recipe =>
      plain(fields, { name: 'prodigy', row: 'prodigy', constants: { d0 } });
    const base = prodigy({ learningRate: 1 }, 1e-6);
    const halved = { A: 0.5, B: 1 };
    const rescaled = prodigy({ ...alpha64, learningRate: 1 }, 5e-7);
    expect(compare(base, rescaled, { init: [{ A: 1, B: 1 }, halved] }).same).toBe(true);
    // No gauge with p ≠ q: A and B share one guess.
    expect(differing(compare(base, prodigy({ ...alpha64, learningRate: 1 }, 1e-6)))).toEqual(
      expect.arrayContaining(['balance', 'd0B']),
    );
  });
});
