import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('NeMo', () => {
  it('reads NeMo 2, where the class stands in the file', () => {
    const { reading, recipe, codes, written } = fixture('nemo/speech.yaml');
    expect(reading.layout).toBe('nemo-2');
    expect(recipe()).toMatchObject({ rank: 16, alpha: 32, learningRate: 1e-4, maxGradNorm: 1 });
    expect(codes).toEqual(['unscaled-parameters']);
    expect(written(128)).toEqual([
      'alpha: 128',
      'lr: 5e-5',
      'adam_eps: 2e-8',
      'clip_grad: 2.0',
      'weight_decay: 0.002',
      'min_lr: 2.5e-5',
    ]);
  });
});
