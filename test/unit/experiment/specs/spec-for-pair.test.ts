import { describe, expect, it } from 'vitest';
import { compareConfigs } from '../../../../src/config/compare/compare-configs';
import { configRecipe, type ConfigRecipe } from '../../../../src/config/plan/as-trained';
import { readConfig } from '../../../../src/config/read';
import { claimed, runVerdict, type Verdict } from '../../../../src/experiment/verdict/verdict';
import { specForPair, type PairSpec } from '../../../../src/experiment/specs/spec-for-pair';
import { curvesOf } from '../../../../src/experiment/words/curves';
import { pairWords } from '../../../../src/experiment/words/pair-words';
import { run } from '../support/lab';

const AXOLOTL = `base_model: NousResearch/Meta-Llama-3.1-8B
adapter: lora
lora_r: 16
lora_alpha: 16
lora_dropout: 0
lora_target_modules: [q_proj, v_proj]
optimizer: adamw_torch
lr_scheduler: cosine
learning_rate: 2e-4
weight_decay: 0.01
adam_epsilon: 1e-8
max_grad_norm: 1
peft_init_lora_weights: pissa
`;

/** The same run at alpha 64: with PiSSA the init follows the scaling by itself. */
const AT_64 = changed({
  'lora_alpha: 16': 'lora_alpha: 64',
  'rate: 2e-4': 'rate: 1e-4',
  'decay: 0.01': 'decay: 0.02',
  'epsilon: 1e-8': 'epsilon: 2e-8',
  'norm: 1': 'norm: 2',
});

const AT_48 = changed({
  'lora_alpha: 16': 'lora_alpha: 48',
  'rate: 2e-4': 'rate: 1.1547e-4',
  'decay: 0.01': 'decay: 0.0173205',
  'epsilon: 1e-8': 'epsilon: 1.73205e-8',
  'norm: 1': 'norm: 1.73205',
});

const NAMES = { first: 'a.yml', second: 'b.yml' };

function changed(changes: Readonly<Record<string, string>>, text = AXOLOTL): string {
  return Object.entries(changes).reduce((all, [from, to]) => {
    expect(all).toContain(from);
    return all.replace(from, to);
  }, text);
}

function config(text: string, path = 'axolotl.yml'): ConfigRecipe {
  const found = configRecipe(text, readConfig(text, path), 0);
  if (!found) throw new Error('no recipe');
  return found;
}

function prepared(first: string | ConfigRecipe, second: string | ConfigRecipe): PairSpec | string {
  const read = (one: string | ConfigRecipe): ConfigRecipe => (typeof one === 'string' ? config(one) : one);
  const both = [read(first), read(second)] as const;
  return specForPair(...both, compareConfigs(...both, { names: NAMES }), NAMES, {
    backend: 'wasm',
    task: 'linear',
    steps: 100,
  });
}

async function trained(
  first: string | ConfigRecipe,
  second: string | ConfigRecipe,
): Promise<{ pair: PairSpec; verdict: Verdict }> {
  const pair = prepared(first, second);
  if (typeof pair === 'string') throw new Error(pair);
  return { pair, verdict: claimed(runVerdict(pair.spec, await run(pair.spec)), pair.claim) };
}

const changed64 = (changes: Readonly<Record<string, string>>): string => changed(changes, AT_64);

describe('specForPair', () => {
  it('gives the same bits at k = 4 where the numbers follow the rule', async () => {
    const { pair, verdict } = await trained(AXOLOTL, AT_64);
    expect(pair.claim).toEqual({ asRead: 'exact', limit: null, notUnderstood: [] });
    expect(verdict).toMatchObject({ kind: 'identical', proof: { k: 4, identical: true }, departures: [] });
    expect(curvesOf(pair.spec).slice(0, 3)).toMatchObject([
      { label: 'a.yml', role: 'base' },
      { label: 'b.yml', role: 'rescaled' },
      { label: 'alpha alone', role: 'alpha-only' },
    ]);
  });

  it('is the same up to rounding at k = 3, and trains the digits that are written', async () => {
    const { pair, verdict } = await trained(AXOLOTL, AT_48);
    expect(verdict).toMatchObject({ kind: 'equivalent', asWrittenDigits: 6, proof: { identical: true }, coarse: [] });
    expect(pair.spec.variants.filter(({ role }) => role === 'as-written')).toMatchObject([{ a: { lr: 1.1547e-4 } }]);
  });

  it('is another run with alpha alone', async () => {
    const { pair, verdict } = await trained(AXOLOTL, changed({ 'alpha: 16': 'alpha: 64' }));
    expect(verdict).toMatchObject({ kind: 'different', firstStep: 2 });
    expect(pair.spec.variants.map(({ role }) => role)).not.toContain('alpha-only');
    expect(pair.claim.asRead).toBe('approximate');
  });

  it.each([
    ['eps alone', changed({ 'epsilon: 1e-8': 'epsilon: 2e-8' }), 'nearly'],
    ['a schedule that the model shares', changed64({ cosine: 'linear' }), 'not-exact'],
    ['target modules that the model shares', changed64({ 'q_proj, v_proj': 'q_proj' }), 'not-exact'],
    ['a line that was not understood', `${AT_64}lora_unheard_of: 3\n`, 'not-understood'],
  ])('never calls runs the same that differ by %s', async (_, second, reason) => {
    const { verdict } = await trained(AXOLOTL, second);
    expect(verdict).toMatchObject({ kind: 'undecided', reason });
  });

  it('trains a number that only the second file has', async () => {
    const plain = config(AXOLOTL);
    const clipped = { ...plain, recipe: { ...plain.recipe, maxGradValue: 1e-4 } };
    for (const { pair, verdict } of [await trained(plain, clipped), await trained(clipped, plain)]) {
      expect(verdict.kind).toBe('different');
      expect(pair.untrained).toBe('');
    }
  });

  it.each([
    ['at one scaling', AXOLOTL, changed({ 'rate: 2e-4': 'rate: 2.00001e-4' })],
    ['at k = 4', AXOLOTL, changed64({ 'rate: 1e-4': 'rate: 1.000005e-4' })],
    ['close to what the comparison calls another number', AXOLOTL, changed({ 'rate: 2e-4': 'rate: 2.00003e-4' })],
  ])('never says "to the last bit" of numbers that differ in their last digits: %s', async (_, first, second) => {
    const { pair, verdict } = await trained(first, second);
    const words = pairWords(pair.spec, verdict, { names: NAMES, untrained: '', differs: '', notUnderstood: null });
    expect(words.headline).toBe('Both train alike, up to written digits');
    expect(words.evidence).toMatch(/^The loss differs by up to /);
  });

  it.each([
    ['first', `${AXOLOTL}peft_use_dora: true\n`, AXOLOTL],
    ['second', AXOLOTL, `${AXOLOTL}peft_use_dora: true\n`],
  ])('trains no DoRA if only the %s file has it, and says so', (_, first, second) => {
    expect(prepared(first, second)).toBe('Both train the same in the small model. Not trained here: DoRA.');
  });

  it('claims no difference where only something untrained may differ', () => {
    const plain = changed({ pissa: 'true', 'norm: 1': 'norm: 0', adamw_torch: 'lion_8bit', 'decay: 0.01': 'decay: 0' });
    const dora = `${plain}peft_use_dora: true\n`;
    const second = `${changed({ 'alpha: 16': 'alpha: 64' }, dora)}loraplus_lr_ratio: 0.25\n`;
    const pair = prepared(dora, second);
    expect(pair).toMatchObject({ claim: { limit: null }, untrained: expect.stringMatching(/magnitudes/) as string });
  });

  it('names what it does not train', () => {
    expect(prepared(AXOLOTL, changed64({ cosine: 'linear' }))).toMatchObject({
      untrained: 'Not trained here: schedule.',
    });
    expect(prepared(AXOLOTL, AT_64)).toMatchObject({ untrained: '' });
  });

  it.each([
    ['rank', changed({ 'r: 16': 'r: 32' }), 'The small model needs the same rank in both.'],
    ['optimizer', changed({ adamw_torch: 'sgd' }), 'The small model needs the same optimizer in both.'],
    ['init', changed({ pissa: 'gaussian' }), 'The small model needs the same init in both.'],
    [
      'learning rate that is not stated',
      changed({ 'learning_rate: 2e-4\n': '' }),
      'The small model needs the learning rate of both.',
    ],
    ['betas alone', `${AXOLOTL}adam_beta2: 0.95\n`, 'Both train the same in the small model. Not trained here: betas.'],
  ])('says why there is nothing to train: another %s', (_, second, why) => {
    expect(prepared(AXOLOTL, second)).toBe(why);
  });

  it('trains a LoRA+ ratio that makes up for alpha', async () => {
    const plain = changed({ pissa: 'true', 'norm: 1': 'norm: 0', adamw_torch: 'lion_8bit', 'decay: 0.01': 'decay: 0' });
    const second = `${changed({ 'alpha: 16': 'alpha: 64' }, plain)}loraplus_lr_ratio: 0.25\n`;
    const { verdict } = await trained(plain, second);
    expect(verdict).toMatchObject({ kind: 'identical', proof: { k: 4, identical: true } });
  });
});
