import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('NeMo Automodel', () => {
  it('reads peft and optimizer', () => {
    const { reading, recipe, codes } = fixture('automodel/llm.yaml');
    expect([reading.trainer, reading.layout, codes]).toEqual(['automodel', 'automodel', []]);
    expect(recipe()).toMatchObject({
      rank: 16,
      alpha: 32,
      learningRate: 1e-5,
      maxGradNorm: 0.8,
      init: 'xavier-normal',
    });
    expect(recipe().optimizer).toMatchObject({ row: 'adam', weightDecay: 0, eps: 1e-8 });
    expect(recipe().scheduler).toBe('cosine');
  });

  it('moves the floor of the schedule along', () => {
    expect(fixture('automodel/llm.yaml').written(128)).toEqual([
      'alpha: 128',
      'eps: 2e-8',
      'lr: 5.0e-6',
      'max_norm: 1.6',
      'min_lr: 5.0e-7',
    ]);
  });

  it('knows its defaults, and begins a block for the threshold', () => {
    const { recipe, codes, written } = fixture('automodel/implied.yaml');
    expect(recipe()).toMatchObject({ rank: 64, alpha: 32, scaling: 0.5, useDora: true, learningRate: 1e-4 });
    expect(recipe()).toMatchObject({ init: 'kaiming-uniform', maxGradNorm: 1, targetModules: 'all-linear' });
    expect(codes).toEqual(['rank-per-expert']);
    expect(written(128)).toEqual([
      'alpha: 128',
      'lr: 5.0e-5',
      'weight_decay: 0.02',
      'eps: 2.0e-8',
      'clip_grad_norm:',
      'max_norm: 2.0',
    ]);
  });

  it('reads the older layout of diffusion, and says that it is one', () => {
    const { reading, recipe, codes, written } = fixture('automodel/diffusion.yaml');
    expect([reading.layout, codes]).toEqual(['automodel-optim', ['layout-removed']]);
    expect(recipe()).toMatchObject({
      learningRate: 5e-5,
      maxGradNorm: 2,
      optimizer: { weightDecay: 0.02, betas: [0.9, 0.99] },
    });
    expect(written(32)).toEqual([
      'alpha: 32',
      'learning_rate: 2.5e-5',
      'clip_grad: 4.0',
      'weight_decay: 0.04',
      'eps: 2e-8',
    ]);
  });

  it('is silent on a full fine-tune', () => {
    expect(fixture('automodel/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
