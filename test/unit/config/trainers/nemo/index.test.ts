import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('NeMo', () => {
  it('reads the block that peft_scheme picks', () => {
    const { reading, recipe, codes } = fixture('nemo/gpt.yaml');
    expect([reading.trainer, reading.layout, codes]).toEqual(['nemo', 'nemo-megatron', []]);
    expect(recipe()).toMatchObject({
      rank: 16,
      alpha: 32,
      dropout: 0.1,
      init: 'xavier-normal',
      maxGradNorm: 1,
      warmup: 50,
    });
    expect(recipe().optimizer).toMatchObject({ row: 'adamw', betas: [0.9, 0.98], eps: 1e-8 });
    expect(recipe().stated.alpha?.path).toBe('model.peft.lora_tuning.alpha');
  });

  it('is silent where another scheme is picked, whatever lora_tuning says', () => {
    expect(fixture('nemo/adapter.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(fixture('nemo/gpt.yaml', ['"lora"', 'null']).reading.isLora).toBe(false);
  });

  it('is silent where a script generates with an adapter, and trains nothing', () => {
    const generates = fixture('nemo/generate.yaml');
    expect(generates.reading).toMatchObject({ isLora: false, findings: [] });
    // Trainers have an inference block too.
    expect(fixture('nemo/generate.yaml', ['test_ds', 'train_ds']).reading.isLora).toBe(true);
    expect(
      fixture('nemo/generate.yaml', ['  data:', '  optim: {name: adamw, lr: 1.0e-4}\n  data:']).reading.isLora,
    ).toBe(true);
  });

  it('writes alpha, rate, its floor, decay, threshold and eps', () => {
    expect(fixture('nemo/gpt.yaml').written(128)).toEqual([
      'gradient_clip_val: 2.0',
      'alpha: 128',
      'lr: 5e-5',
      'weight_decay: 0.02',
      'eps: 2e-8',
      'min_lr: 5e-6',
    ]);
  });

  it('takes the rank for a missing alpha, and says what trains besides', () => {
    const { recipe, codes, written } = fixture('nemo/implied.yaml');
    expect([recipe().alpha, recipe().maxGradNorm, recipe().init]).toEqual([16, 0, 'normal']);
    expect(recipe().assumed.alpha).toMatch(/defaults alpha to the rank, 16/);
    expect(codes).toEqual(expect.arrayContaining(['several-adapters', 'tied-factors']));
    expect(written(64)).toContain('alpha: 64');
  });

  it('does not write over a reference to the rank', () => {
    const { recipe, written } = fixture('nemo/reference.yaml');
    expect(recipe()).toMatchObject({ rank: 32, alpha: 32 });
    expect(written(64)).toBe('interpolated');
  });

  it('does not know a B that does not start at zero', () => {
    expect(fixture('nemo/gpt.yaml', ["row_init_method: 'zero'", 'row_init_method: normal']).recipe().init).toBe(
      'normal B',
    );
  });

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
