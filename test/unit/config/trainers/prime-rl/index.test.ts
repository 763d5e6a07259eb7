import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('prime-rl', () => {
  it('reads the network of the trainer, and says which name repeats its numbers', () => {
    const { reading, recipe, codes } = fixture('prime-rl/rl.toml');
    expect([reading.trainer, reading.layout]).toEqual(['prime-rl', 'prime-rl']);
    expect(recipe()).toMatchObject({
      rank: 8,
      alpha: 24,
      scaling: 3,
      learningRate: 1e-5,
      scheduler: 'linear',
      warmup: 10,
    });
    expect(recipe().targetModules).toEqual(['q_proj', 'v_proj']);
    expect(codes).toEqual(['numbers-in-name']);
    expect(fixture('prime-rl/rl.toml', ['r8-a24-1e-5', 'reverse-text']).codes).toEqual([]);
  });

  it("moves the orchestrator's copy of alpha and the floor of the rate along", () => {
    expect(fixture('prime-rl/rl.toml').written(96)).toEqual([
      'lr = 5e-6',
      'max_norm = 2.0',
      'alpha = 96      # scaling 3',
      'alpha = 96',
      'min_lr = 5e-7',
    ]);
  });

  it('says where bfloat16 cannot hold the scaling', () => {
    expect(fixture('prime-rl/rl.toml', ['rank = 8', 'rank = 24'], ['alpha = 24 ', 'alpha = 32 ']).codes).toContain(
      'scaling-in-bf16',
    );
  });

  it('reads the older place, and the sign of the gradient as what it is', () => {
    const { reading, recipe } = fixture('prime-rl/experimental.toml');
    expect(reading.layout).toBe('prime-rl-experimental');
    expect(recipe()).toMatchObject({
      rank: 32,
      alpha: 32,
      optimizer: { name: 'sign_sgd', row: 'lion', betas: [0, 0], eps: null },
    });
  });

  it('reads supervised fine-tuning with an inline table, and a run that goes on', () => {
    const { reading, codes, written } = fixture('prime-rl/sft.toml');
    expect(reading.layout).toBe('prime-sft');
    expect([...codes].sort()).toEqual(['run-resumes', 'unscaled-parameters']);
    expect(written(256)).toEqual([
      'lora = { rank = 16, alpha = 256, modules_to_save = ["lm_head"] }',
      'lr = 1e-5',
      'weight_decay = 0.02',
      'max_norm = 2.0',
    ]);
  });

  it('is silent without a network', () => {
    expect(fixture('prime-rl/full.toml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
