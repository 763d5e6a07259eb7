import { describe, expect, it } from 'vitest';
import { fixture } from '../fixture';

describe('verl', () => {
  it('reads actor and critic as two runs with rates of their own', () => {
    const { reading, recipe, codes } = fixture('verl/ppo.yaml');
    expect([reading.trainer, reading.recipes.length, codes]).toEqual(['verl', 2, []]);
    expect(recipe(0)).toMatchObject({
      name: 'actor',
      rank: 32,
      alpha: 64,
      scaling: 2,
      learningRate: 3e-5,
      maxGradNorm: 1,
    });
    expect(recipe(1)).toMatchObject({ name: 'critic', rank: 8, alpha: 16, learningRate: 1e-4, maxGradNorm: 0.5 });
    expect(recipe(1).assumed.alpha).toContain('16');
    expect(recipe(0).optimizer).toMatchObject({ row: 'adamw', weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] });
  });

  it('writes each run by itself, and begins the arguments of the optimizer', () => {
    const { written } = fixture('verl/ppo.yaml');
    expect(written(256)).toEqual([
      'lora_alpha: 256',
      'lr: 1.5e-5',
      'weight_decay: 0.02',
      'clip_grad: 2.0',
      'override_optimizer_config: { eps: 2e-8 }',
    ]);
    expect(written(256, 'symmetric', 1)).toEqual([
      'lora_alpha: 256',
      'lr: 2.5e-5',
      'weight_decay: 0.04',
      'override_optimizer_config: { eps: 4e-8 }',
      'clip_grad: 2.0',
    ]);
    expect(written(256, 'lr-only')).toEqual(['lora_alpha: 256', 'lr: 7.5e-6']);
  });

  it("reads Megatron's block, its default alpha and its floor of the rate", () => {
    const { reading, recipe, written } = fixture('verl/megatron.yaml');
    expect(reading.layout).toBe('verl-actor-megatron');
    expect(recipe()).toMatchObject({
      rank: 16,
      alpha: 32,
      dropout: 0.05,
      init: 'kaiming-uniform',
      scheduler: 'cosine',
    });
    expect(recipe().targetModules).toEqual(['linear_q', 'linear_v']);
    expect(written(128)).toContain('min_lr: 1.0e-6');
    expect(written(128)).toContain('override_optimizer_config: { adam_eps: 2.0e-8 }');
    expect(fixture('verl/megatron.yaml', ['type: canonical_lora', 'type: dora']).recipe().useDora).toBe(true);
    expect(fixture('verl/megatron.yaml', ['type: canonical_lora', 'type: other']).reading.isLora).toBe(false);
  });

  it('reads supervised fine-tuning, where alpha is a reference that is not written over', () => {
    const { recipe, written } = fixture('verl/sft.yaml');
    expect(recipe()).toMatchObject({
      alpha: 16,
      warmup: 0.1,
      optimizer: { row: 'adamw', quantized: true, betas: [0.9, 0.95] },
    });
    expect(written(64)).toBe('interpolated');
  });

  it('says which clip threshold counts', () => {
    const old = fixture('verl/ppo.yaml', ['strategy: fsdp2', 'grad_clip: 0.3']);
    expect(old.codes).toEqual(['clip-key-by-version']);
    expect(old.recipe(0).maxGradNorm).toBe(0.3);
    expect(old.written(256)).toContain('grad_clip: 0.6');
  });

  it('says which version it assumes if there is no clip threshold', () => {
    const { recipe } = fixture('verl/ppo.yaml');
    expect(recipe(0).assumed.maxGradNorm).toContain('verl up to 0.7 reads actor_rollout_ref.actor.grad_clip');
    expect(recipe(1).assumed.maxGradNorm).toBeUndefined();
  });

  it('refuses where an adapter brings its own alpha', () => {
    const { codes, written } = fixture('verl/continued.yaml');
    expect([codes, written(64)]).toEqual([['continues-adapter'], 'continues-adapter']);
  });

  it('is silent where the rank is 0, and where it is neither number nor word', () => {
    expect(fixture('verl/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(fixture('verl/full.yaml', ['lora_rank: 0 ', 'lora_rank:']).reading.isLora).toBe(false);
  });
});
