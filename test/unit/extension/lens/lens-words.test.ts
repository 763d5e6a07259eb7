import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
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
    expect(lenses(text, 'wan.toml')).toEqual({ alpha: ['alpha has no effect here: s = 1'], rate: ['s·lr = 2e-5'] });
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
  it('says the product with the scaling, and the rate of the same run where alpha is the rank', () => {
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
    expect(lenses(text).rate).toEqual(['s·lr = 8e-4 · at α = r = 16 the same run takes 4e-4']);
  });

  it('names what else would move', () => {
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
    const [lens] = rateLenses(text, readConfig(text, 'train.yml'));
    expect(lens?.why).toContain('weight_decay to 0.005');
    expect(lens?.why).toContain('init of A to 2 (in code)');
    expect(lens?.why).toMatch(/^Under AdamW /);
  });

  it('says no second rate where alpha is the rank', () => {
    expect(lenses(AXOLOTL).rate).toEqual(['s·lr = 2e-4']);
  });

  it('takes the square of the scaling under SGD', () => {
    const text = AXOLOTL.replace('adamw_torch', 'sgd').replace('lora_alpha: 16', 'lora_alpha: 64');
    expect(lenses(text).rate).toEqual(['s²·lr = 0.0032 · at α = r = 16 the same run takes 8e-4']);
  });

  it('speaks of B where LoRA+ gives it a rate of its own', () => {
    const text = AXOLOTL.replace('weight_decay: 0.01', 'loraplus_lr_ratio: 16');
    expect(lenses(text).rate).toEqual(['s·lr of B = 0.0032']);
  });

  it('is silent where no rule is known', () => {
    expect(lenses(AXOLOTL.replace('adamw_torch', 'no_such_optimizer')).rate).toEqual([]);
  });

  it('is silent where the rate is not in the file', () => {
    expect(lenses('{"peft_type": "LORA", "r": 8, "lora_alpha": 16}', 'adapter_config.json').rate).toEqual([]);
  });
});
