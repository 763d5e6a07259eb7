import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('H2O LLM Studio', () => {
  it('reads the block of training', () => {
    const { reading, recipe, codes } = fixture('h2o/chat.yaml');
    expect([reading.trainer, codes]).toEqual(['h2o', []]);
    expect(recipe()).toMatchObject({ rank: 4, alpha: 16, scaling: 4, learningRate: 1e-4, maxGradNorm: 0.5 });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.01, eps: 1e-8 });
    expect(recipe().targetModules).toBe('all-linear');
  });

  it('has defaults of its own, a threshold for DPO among them', () => {
    const bare = fixture('h2o/chat.yaml', [/ {4}(lora|lora_r|lora_alpha|gradient_clip|learning_rate): .*\n/g, '']);
    expect(bare.recipe()).toMatchObject({ rank: 4, alpha: 16, learningRate: 1e-4, maxGradNorm: 0 });
    expect(fixture('h2o/two-rates.yaml').recipe().maxGradNorm).toBe(10);
  });

  it('moves a second rate where LoRA factors have it, and only there', () => {
    const { recipe, codes, written } = fixture('h2o/two-rates.yaml');
    expect(codes).toEqual(['unscaled-parameters', 'second-rate']);
    expect(recipe().optimizer).toMatchObject({ row: 'sgd', momentum: 0.9, nesterov: true });
    expect(written(128)).toEqual(
      expect.arrayContaining(['differential_learning_rate: 5.0e-06', 'learning_rate: 2.5e-05', 'lora_alpha: 128']),
    );
    expect(fixture('h2o/chat.yaml').written(64).toString()).not.toMatch(/differential/);
    const head = fixture('h2o/two-rates.yaml', ['- backbone', '- classification_head']);
    expect([head.codes, head.written(128).toString()]).toEqual([
      ['unscaled-parameters'],
      expect.not.stringMatching(/differential/),
    ]);
  });

  it('writes what moves, and no eps, which it cannot set', () => {
    expect(fixture('h2o/chat.yaml').written(64)).toEqual([
      'gradient_clip: 1.0',
      'learning_rate: 0.00005',
      'lora_alpha: 64',
      'weight_decay: 0.02',
    ]);
    expect(fixture('h2o/chat.yaml').written(64, 'lr-only')).toEqual(['learning_rate: 0.000025', 'lora_alpha: 64']);
  });

  it('says that PyYAML reads a number without a dot as text', () => {
    expect(fixture('h2o/chat.yaml', ['learning_rate: 0.0001', 'learning_rate: 1e-4']).codes).toContain(
      'number-as-text',
    );
  });

  it('says that loaded weights meet another alpha', () => {
    expect(fixture('h2o/two-rates.yaml', ["weights: ''", 'weights: out/chat/checkpoint.pth']).codes).toContain(
      'run-resumes',
    );
  });

  it('is silent where LoRA is off', () => {
    expect(fixture('h2o/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
