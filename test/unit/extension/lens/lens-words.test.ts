import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { bestPlan } from '../../../../src/extension/best-plan';
import { alphaLenses, rateLenses } from '../../../../src/extension/lens/lens-words';
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

  it('is one where several networks share the line', () => {
    const text = AXOLOTL.replace(
      'lora_dropout',
      'lora_rank_pattern: { q_proj: 4, v_proj: 4, k_proj: 16 }\nlora_dropout',
    );
    const { alpha } = lenses(text);
    // Rank 16 for the rest and k_proj, rank 4 for two others: one scaling beside the first.
    expect(readConfig(text, 'train.yml').recipes.length).toBe(4);
    expect(alpha).toEqual(['s = α/r = 16/16 = 1 (+1)']);
  });
});

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
  ])('of %s says the rate at the panel’s first target', (_, text, title) => {
    expect(lenses(text).rate).toEqual([title]);
  });

  it('says that the rate stays where the optimizer multiplies a rate of its own', () => {
    const text =
      'network_module = "networks.lora"\nnetwork_dim = 32\nnetwork_alpha = 16\nlearning_rate = 1.0\noptimizer_type = "Prodigy"\n';
    expect(lenses(text, 'train.toml').rate).toEqual(['At alpha 64: lr unchanged']);
  });

  it('of a scaling that is set directly names the scaling', () => {
    const text =
      'model: m\nfine_tune_type: lora\nlearning_rate: 1e-5\nlora_parameters:\n  rank: 8\n  scale: 20.0\n  dropout: 0\n';
    expect(lenses(text, 'mlx.yaml').rate).toEqual(['At scaling 80: lr 5e-6']);
  });

  it('names the other changes and the claim in its tooltip', () => {
    const [lens] = rateLenses(AXOLOTL, readConfig(AXOLOTL, 'train.yml'));
    expect(lens?.why).toMatch(/^Also needed: .*weight_decay 0\.02, .*init of A 0\.5 \(in code\)\. Claim: exact\.$/);
  });

  it('says the word of a weaker claim, wherever there is one', () => {
    for (const optimizer of ['adamw_torch', 'sgd', 'lion_8bit', 'adafactor', 'muon', 'rmsprop', 'prodigy']) {
      const text = AXOLOTL.replace('adamw_torch', optimizer);
      const reading = readConfig(text, 'train.yml');
      const plan = bestPlan(text, reading, 0, 64)?.plan;
      const [title] = lenses(text).rate;
      if (title)
        expect([optimizer, /\((?:approximate|.* for what was read)\)/.test(title)]).toEqual([
          optimizer,
          plan?.exactness === 'approximate',
        ]);
    }
  });

  it('is silent where no rule is known', () => {
    expect(lenses(AXOLOTL.replace('adamw_torch', 'no_such_optimizer')).rate).toEqual([]);
  });

  it('is silent where the rate is not in the file', () => {
    expect(lenses('{"peft_type": "LORA", "r": 8, "lora_alpha": 16}', 'adapter_config.json').rate).toEqual([]);
  });
});
