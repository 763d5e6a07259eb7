import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('Ludwig', () => {
  it('takes twice the rank for alpha, and says that it once took 16', () => {
    const { reading, recipe, codes } = fixture('ludwig/finetune.yaml');
    expect([reading.trainer, codes]).toEqual(['ludwig', ['alpha-by-version']]);
    expect(recipe()).toMatchObject({
      rank: 16,
      alpha: 32,
      scaling: 2,
      learningRate: 3e-4,
      maxGradNorm: 0.5,
      warmup: 0.01,
    });
    expect(recipe().optimizer).toMatchObject({ name: 'adam', row: 'adam', weightDecay: 0, eps: 1e-8 });
    expect(recipe().assumed.alpha).toBe('Ludwig defaults alpha to 2 × the rank, 32.');
    // At a rank of 8 both are one.
    expect(fixture('ludwig/finetune.yaml', ['r: 16', 'r: 8']).codes).toEqual([]);
  });

  it('begins the maps it needs', () => {
    expect(fixture('ludwig/finetune.yaml').written(128)).toEqual([
      'alpha: 128',
      'learning_rate: 0.00015',
      'gradient_clipping:',
      'clipglobalnorm: 1.0',
      'optimizer:',
      'eps: 2.0e-8',
    ]);
  });

  it('reads optimizer and clipping', () => {
    const { recipe, written } = fixture('ludwig/adamw.yaml');
    expect(recipe()).toMatchObject({ scalingRule: 'rslora', maxGradNorm: 1 });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.02, betas: [0.9, 0.95] });
    expect(written(64)).toEqual([
      'alpha: 64',
      'learning_rate: 5.0e-5',
      'eps: 2.0e-8',
      'weight_decay: 0.04',
      'clipglobalnorm: 2.0',
    ]);
    const off = fixture('ludwig/adamw.yaml', ['clipglobalnorm: 1.0', 'clipglobalnorm: null']);
    expect(off.recipe().maxGradNorm).toBe(0);
  });

  it('makes a map of adapter: lora, and says that null does not turn clipping off', () => {
    const { reading, recipe, codes, written } = fixture('ludwig/short.yaml');
    expect([reading.trainer, codes]).toEqual(['ludwig', ['clip-null-clips']]);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 16, learningRate: 1e-3, maxGradNorm: 0.5 });
    expect(written(64)).toEqual(expect.arrayContaining(['type: lora', 'alpha: 64']));
  });

  it('does not know a rate that is found by itself', () => {
    const { learningRate } = fixture('ludwig/finetune.yaml', ['learning_rate: 0.0003', 'learning_rate: auto']).recipe();
    expect(learningRate).toBeNull();
  });

  it('moves a LoRA+ ratio only where one stands, as older versions reject the key', () => {
    expect(fixture('ludwig/adamw.yaml').written(64, 'keep-init')).toBe('no-such-plan');
    const plus = fixture('ludwig/adamw.yaml', ['use_rslora', 'loraplus_lr_ratio: 8.0\n  use_rslora']);
    expect(plus.written(64, 'keep-init')).toEqual(expect.arrayContaining(['alpha: 64', 'loraplus_lr_ratio: 2.0']));
  });

  it('has a recipe for each pattern', () => {
    const { reading } = fixture('ludwig/adamw.yaml', ['use_rslora: true', 'rank_pattern: {v_proj: 4}']);
    expect(reading.recipes.map(({ name, rank, scaling }) => [name, rank, scaling])).toEqual([
      ['lora', 8, 2],
      ['v_proj', 4, 4],
    ]);
  });

  it('takes whole numbers for alpha', () => {
    expect(fixture('ludwig/adamw.yaml').written(12.5)).toBe('alpha-not-whole');
  });

  it('is silent without an adapter, or where nothing is trained', () => {
    expect(fixture('ludwig/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(fixture('ludwig/finetune.yaml', ['type: finetune', 'type: none']).reading.isLora).toBe(false);
  });
});
