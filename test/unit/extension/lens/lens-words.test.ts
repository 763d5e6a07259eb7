import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { bestPlan } from '../../../../src/extension/best-plan';
import { alphaLenses, rateLenses, statusWords, unknownLenses } from '../../../../src/extension/lens/lens-words';
import { AXOLOTL } from '../../../support/axolotl';

function lenses(text: string, name = 'train.yml'): { alpha: string[]; rate: string[] } {
  const reading = readConfig(text, name);
  return {
    alpha: alphaLenses(reading).map(({ title }) => title),
    rate: rateLenses(text, reading).map(({ title }) => title),
  };
}

describe('the lens over alpha', () => {
  it('says the scaling', () => {
    expect(lenses(AXOLOTL).alpha).toEqual(['s = α/r = 16/16 = 1']);
  });

  it('stands over the rank where nobody wrote an alpha, and says why alpha is what it is', () => {
    const text = 'stage: sft\nmodel_name_or_path: m\nfinetuning_type: lora\nlora_rank: 8\nlora_target: all\n';
    const [lens] = alphaLenses(readConfig(text, 'lf.yaml'));
    expect(lens).toMatchObject({ title: 's = α/r = 16/8 = 2', place: { path: 'lora_rank' } });
    expect(lens?.why).toMatch(/twice|2/);
  });

  it('says where alpha has no effect', () => {
    const text = "[model]\ntype = 'wan'\n[adapter]\ntype = 'lora'\nrank = 32\n[optimizer]\ntype = 'adamw'\nlr = 2e-5\n";
    expect(lenses(text, 'wan.toml')).toEqual({ alpha: ['alpha has no effect here: s = 1'], rate: [] });
  });

  it.each(['', 'use_lora: false\n'])(
    'leads to the panel where the trainer is unknown, or LoRA may be off: %j',
    (off) => {
      const text = `lora_rank: 8\nlora_alpha: 16\n${off}`;
      const [lens] = unknownLenses(readConfig(text, 'mine.yaml'));
      expect(lens).toMatchObject({ title: 'Looks like LoRA, but is not read', why: expect.stringContaining('line 2') });
      expect(text.slice(lens?.place.range?.start, lens?.place.range?.end)).toBe('lora_alpha: 16');
      expect(unknownLenses(readConfig(AXOLOTL, 'train.yml'))).toEqual([]);
    },
  );

  it('is one where several networks share the line', () => {
    const patterns = '"rank_pattern": {"q_proj": 4, "v_proj": 4, "k_proj": 16}, "target_modules": "all-linear"';
    const text = `{"peft_type": "LORA", "r": 16, "lora_alpha": 16, ${patterns}}`;
    // Rank 16 for the rest and k_proj, rank 4 for two others: one scaling beside the first.
    expect(readConfig(text, 'adapter_config.json').recipes.length).toBe(4);
    expect(lenses(text, 'adapter_config.json').alpha).toEqual(['s = α/r = 16/16 = 1 (+1)']);
  });
});

const PRODIGY =
  'network_module = "networks.lora"\nnetwork_dim = 32\nnetwork_alpha = 16\nlearning_rate = 1.0\noptimizer_type = "Prodigy"\n';
const MLX =
  'model: m\nfine_tune_type: lora\nlearning_rate: 1e-5\nlora_parameters:\n  rank: 8\n  scale: 20.0\n  dropout: 0\n';

describe('the lens over the learning rate', () => {
  it.each([
    ['AdamW', AXOLOTL, 'At alpha 64: lr 1e-4'],
    ['SGD', AXOLOTL.replace('adamw_torch', 'sgd'), 'At alpha 64: lr 5e-5'],
    ['another alpha', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'), 'At alpha 256: lr 1e-4'],
    [
      'an alpha at the upper bound',
      AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 1000000'),
      'At alpha 250000: lr 4e-4',
    ],
    [
      'a key that is not understood',
      AXOLOTL.replace('lora_dropout', 'lora_weight_exotic: 3\nlora_dropout'),
      'At alpha 64: lr 1e-4 (exact for what was read)',
    ],
    ['an optimizer that multiplies a rate of its own', PRODIGY, 'At alpha 64: lr unchanged', 'train.toml'],
    ['a scaling that is set directly', MLX, 'At scaling 80: lr 5e-6', 'mlx.yaml'],
    ['an unknown optimizer', AXOLOTL.replace('adamw_torch', 'no_such_optimizer'), null],
    ['a file without a rate', '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}', null, 'adapter_config.json'],
  ])('of %s says the rate at the panel’s first target, or nothing', (_, text, title, name?: string) => {
    expect(lenses(text, name).rate).toEqual(title === null ? [] : [title]);
  });

  it('names the other changes and the claim in its tooltip', () => {
    const [lens] = rateLenses(AXOLOTL, readConfig(AXOLOTL, 'train.yml'));
    expect(lens?.why).toMatch(/^Also needed: .*weight_decay 0\.02, .*init of A 0\.5 \(in code\)\. Claim: exact\.$/);
  });

  it('says the word of a weaker claim, wherever there is one', () => {
    for (const optimizer of ['adamw_torch', 'sgd', 'lion_8bit', 'adafactor', 'muon', 'rmsprop', 'prodigy']) {
      const text = AXOLOTL.replace('adamw_torch', optimizer);
      const isApproximate = bestPlan(text, readConfig(text, 'train.yml'), 0, 64)?.plan.exactness === 'approximate';
      const [title] = lenses(text).rate;
      if (title) expect(/\((?:approximate|.* for what was read)\)/.test(title), optimizer).toBe(isApproximate);
    }
  });
});

describe('the words in the status bar', () => {
  it.each([
    [{ scalingRule: 'standard', alpha: 32, rank: 16, scaling: 2 }, 's = 2 · α 32 / r 16'],
    [{ scalingRule: 'standard', alpha: 1, rank: 3, scaling: 1 / 3 }, 's = 0.3333 · α 1 / r 3'],
    [{ scalingRule: 'rslora', alpha: 16, rank: 16, scaling: 4 }, 's = 4 · α 16 / √r 16'],
    [{ scalingRule: 'standard', multiplier: 10, alpha: 16, rank: 8, scaling: 20 }, 's = 20 · 10 · α 16 / r 8'],
    [{ scalingRule: 'direct', alpha: 20, rank: 8, scaling: 20 }, 's = 20 · r 8'],
  ] as const)('%o', (recipe, words) => {
    expect(statusWords(recipe)).toBe(words);
  });
});
