import { describe, expect, it } from 'vitest';
import { asTrained, trainerSupport } from '../../../../src/config/plan/as-trained';
import { interpretText, readConfig } from '../../../../src/config/read';
import type { ReadRecipe } from '../../../../src/config/reading';
import { fixedAt } from '../../../../src/config/trainers/shared/fields';
import { AXOLOTL } from '../../../support/axolotl';

function trained(text: string, path: string): [said: ReadRecipe, trained: ReadRecipe] {
  const reading = readConfig(text, path);
  const [recipe] = reading.recipes;
  if (!recipe) throw new Error('no recipe');
  return [recipe, asTrained(text, reading, recipe)];
}

describe('asTrained', () => {
  it('leaves a recipe without a LoRA+ ratio as it is', () => {
    const [said, real] = trained(AXOLOTL, 'a.yml');
    expect(real).toBe(said);
  });

  it('knows that Axolotl drops the weight decay with a ratio', () => {
    const [said, real] = trained(`${AXOLOTL}loraplus_lr_ratio: 4\n`, 'a.yml');
    expect(said.optimizer.weightDecay).toBe(0.01);
    expect(real).toMatchObject({ loraplusLrRatio: 4, optimizer: { weightDecay: 0 } });
  });

  it('keeps the decay where the trainer hands it on', () => {
    const text = [
      'network_module = "networks.lora"',
      'network_dim = 8',
      'network_alpha = 8',
      'network_args = ["loraplus_lr_ratio=4"]',
      'optimizer_type = "AdamW"',
      'optimizer_args = ["weight_decay=0.01"]',
      'learning_rate = 1e-4',
    ].join('\n');
    const [, real] = trained(text, 'k.toml');
    expect(real).toMatchObject({ loraplusLrRatio: 4, optimizer: { weightDecay: 0.01 } });
  });
});

describe('the fields that a plan may change', () => {
  it('have a key', () => {
    const [run] = interpretText('use_peft: true\nlora_r: 8\nlora_alpha: 16\n', 'yaml');
    const adapter = run?.adapters[0];
    if (!run || !adapter) throw new Error('this is a config of TRL');
    expect([...trainerSupport(run, adapter).settable]).toEqual(
      expect.arrayContaining(['alpha', 'learningRate', 'weightDecay', 'maxGradNorm', 'eps']),
    );
    const without = { ...adapter, fields: { ...adapter.fields, eps: fixedAt({ value: 1e-8 }) } };
    expect([...trainerSupport(run, without).settable]).not.toContain('eps');
  });
});
