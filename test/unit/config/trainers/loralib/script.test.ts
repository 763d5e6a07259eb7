import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';
import { fixture } from '../fixture';

describe('loralib in a script', () => {
  it('reads its layers as the networks of one run', () => {
    const { reading, codes } = fixture('loralib-script/layers.py');
    expect(reading.trainer).toBe('loralib');
    expect(reading.recipes.map(({ name, rank, alpha, scaling }) => [name, rank, alpha, scaling])).toEqual([
      ['lora', 8, 32, 4],
      ['Linear 2', 16, 16, 1],
      ['Linear 3', 4, 1, 0.25],
    ]);
    expect(reading.recipes[0]).toMatchObject({ learningRate: 2e-4, maxGradNorm: 0 });
    expect(reading.recipes[0]?.optimizer).toMatchObject({ row: 'adamw', betas: [0.9, 0.98], eps: 1e-6 });
    expect(codes).toEqual(['trained-biases', 'alpha-implied']);
  });

  it('moves every alpha by the same k, and writes the one that is implied', () => {
    expect(fixture('loralib-script/layers.py').written(128, 'lr-only')).toEqual([
      'self.qkv = lora.MergedLinear(dim, 3 * dim, r=8, lora_alpha=128, enable_lora=[True, False, True])',
      'self.out = lora.Linear(dim, dim, r=R, lora_alpha=64)',
      'self.down = lora.Linear(4 * dim, dim, r=4, lora_alpha=4)',
      'optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.01, betas=(0.9, 0.98), eps=1e-6)',
    ]);
  });

  it('writes an alpha in place of a variable that is the rank as well, and into one that all layers take', () => {
    const [shared] = ['loralib-script/layers.py'];
    expect(fixture(shared, ['lora_alpha=16', 'lora_alpha=R']).written(128, 'lr-only')).toContain(
      'self.out = lora.Linear(dim, dim, r=R, lora_alpha=64)',
    );
    const alphas = fixture(
      shared,
      ['R = 16', 'R = 16\nALPHA = 16'],
      ['lora_alpha=16', 'lora_alpha=ALPHA'],
      ['r=4', 'r=R, lora_alpha=ALPHA'],
    );
    expect(alphas.written(128, 'lr-only')).toEqual([
      'ALPHA = 64',
      'self.qkv = lora.MergedLinear(dim, 3 * dim, r=8, lora_alpha=128, enable_lora=[True, False, True])',
      'optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.01, betas=(0.9, 0.98), eps=1e-6)',
    ]);
  });

  it('leaves layers of rank 0 alone', () => {
    const text = 'import loralib as lora\nlayer = lora.Linear(8, 8, r=0, lora_alpha=8)\n';
    expect(readConfig(text, 'off.py')).toMatchObject({ isLora: false, findings: [] });
  });
});
