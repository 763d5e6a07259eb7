import { describe, expect, it } from 'vitest';
import { HF_NAMES } from '../../../../../src/config/trainers/hugging-face/optimizers';
import { axolotl, codesOf, factsOf, llamafactory, readingOf, recipeOf } from '../../optimizers/support';

const USUAL = [0.9, 0.999];

/** Row, eps, weight decay and betas when the config says nothing but the name. */
const FACTS: Record<string, unknown[]> = {
  adamw_torch: ['adamw', 1e-8, 0, USUAL],
  adamw_torch_fused: ['adamw', 1e-8, 0, USUAL],
  adamw_torch_xla: ['adamw', 1e-8, 0, USUAL],
  adamw_torch_npu_fused: ['adamw', 1e-8, 0, USUAL],
  adamw_apex_fused: ['adamw', 1e-8, 0, USUAL],
  adamw_anyprecision: ['adamw', 1e-8, 0, USUAL],
  adamw_hf: ['adamw', 1e-8, 0, USUAL],
  adamw_torch_4bit: ['adamw', 1e-8, 0, USUAL],
  adamw_torch_8bit: ['adamw', 1e-8, 0, USUAL],
  adamw_bnb_8bit: ['adamw', 1e-8, 0, USUAL],
  adamw_8bit: ['adamw', 1e-8, 0, USUAL],
  paged_adamw_32bit: ['adamw', 1e-8, 0, USUAL],
  paged_adamw_8bit: ['adamw', 1e-8, 0, USUAL],
  ademamix: ['ademamix', 1e-8, 0, USUAL],
  ademamix_8bit: ['ademamix', 1e-8, 0, USUAL],
  paged_ademamix_32bit: ['ademamix', 1e-8, 0, USUAL],
  paged_ademamix_8bit: ['ademamix', 1e-8, 0, USUAL],
  lion_32bit: ['lion', null, 0, USUAL],
  lion_8bit: ['lion', null, 0, USUAL],
  paged_lion_32bit: ['lion', null, 0, USUAL],
  paged_lion_8bit: ['lion', null, 0, USUAL],
  rmsprop_bnb: ['rmsprop', 1e-8, 0, null],
  rmsprop_bnb_32bit: ['rmsprop', 1e-8, 0, null],
  rmsprop_bnb_8bit: ['rmsprop', 1e-8, 0, null],
  adafactor: ['adafactor-hf', 1e-30, 0, null],
  sgd: ['sgd', null, 0, null],
  adagrad: ['adagrad', 1e-10, 0, null],
  rmsprop: ['rmsprop', 1e-8, 0, null],
  galore_adamw: ['galore', 1e-6, 0, USUAL],
  galore_adamw_layerwise: ['galore', 1e-6, 0, USUAL],
  galore_adamw_8bit: ['galore', 1e-8, 0.01, USUAL],
  galore_adamw_8bit_layerwise: ['galore', 1e-8, 0.01, USUAL],
  apollo_adamw: ['apollo', 1e-8, 0, USUAL],
  apollo_adamw_layerwise: ['apollo', 1e-8, 0, USUAL],
  lomo: ['sgdw', null, 0, null],
  adalomo: ['adalomo', 1e-30, 0, null],
  grokadamw: ['grokadamw', 1e-8, 0, USUAL],
  schedule_free_adamw: ['schedule-free-adamw', 1e-8, 0, USUAL],
  schedule_free_radam: ['schedule-free-radam', 1e-8, 0, USUAL],
  schedule_free_sgd: ['schedule-free-sgd', null, 0, null],
  stable_adamw: ['stable-adamw', 1e-8, 0, USUAL],
};

const REASONS: Record<string, RegExp> = {
  paged_adamw: /paged_adamw_32bit/,
  galore_adafactor: /not measured/,
  galore_adafactor_layerwise: /does not run here/,
};

describe("names of Hugging Face's Trainer", () => {
  it('are all in one of these tables', () => {
    expect(Object.keys(HF_NAMES).sort()).toEqual([...Object.keys(FACTS), ...Object.keys(REASONS)].sort());
  });

  it.each(Object.entries(FACTS))('%s reads the same in both trainers that sit on it', (name, facts) => {
    for (const trainer of [axolotl, llamafactory]) expect(factsOf(trainer, name)).toEqual(facts);
  });

  it.each(Object.entries(REASONS))('%s has no row, and a reason', (name, reason) => {
    const { optimizer } = recipeOf(axolotl, name);
    expect(optimizer).toMatchObject({ row: null, unknown: expect.stringMatching(reason) as string });
    const [finding] = readingOf(axolotl, name).findings;
    expect(finding).toMatchObject({ code: 'optimizer-unknown', line: 5, message: optimizer.unknown });
  });

  it('says so of a name that nobody knows', () => {
    expect(recipeOf(llamafactory, 'adamw_of_tomorrow').optimizer.unknown).toBe('Unknown optimizer: adamw_of_tomorrow.');
  });

  it.each(['galore_adamw', 'apollo_adamw', 'lomo', 'adalomo'])('hand no weight decay to %s', (name) => {
    const reading = readingOf(axolotl, name, 'weight_decay: 0.1');
    expect(reading.recipes[0]?.optimizer.weightDecay).toBe(0);
    expect(reading.recipes[0]?.assumed.weightDecay).toMatch(/^Axolotl leaves weight decay to \w+, which uses 0\.$/);
    expect(reading.findings).toMatchObject([{ code: 'key-ignored', line: 7 }]);
    expect(reading.findings[0]?.message).toMatch(/^This run ignores weight_decay: /);
  });

  it('hand neither eps nor betas to GrokAdamW, and its own clip threshold from optim_args', () => {
    const { optimizer } = recipeOf(
      axolotl,
      'grokadamw',
      'adam_epsilon: 1.0e-6',
      'adam_beta2: 0.95',
      'optim_args: gradient_clipping=0.5,lamb=3',
    );
    expect(optimizer).toMatchObject({ eps: 1e-8, betas: USUAL, constants: { tensorClip: 0.5 }, options: { lamb: 3 } });
    expect(recipeOf(axolotl, 'grokadamw').optimizer.constants).toEqual({ tensorClip: 1 });
  });

  it.each(['lomo', 'adalomo', 'galore_adamw_layerwise', 'apollo_adamw_layerwise'])('never clip under %s', (name) => {
    expect(recipeOf(axolotl, name, 'max_grad_norm: 0.3').maxGradNorm).toBe(0);
    expect(codesOf(axolotl, name, 'max_grad_norm: 0.3')).toEqual(['key-ignored']);
  });

  it('take the arguments of torch’s own classes from optim_args, written either way', () => {
    for (const args of [
      'optim_args: "alpha=0.9, eps=1.0e-6,centered=true"',
      'optim_args:\n  alpha: 0.9\n  eps: 1.0e-6\n  centered: true',
    ]) {
      const { optimizer, stated } = recipeOf(axolotl, 'rmsprop', args);
      expect(optimizer).toMatchObject({ eps: 1e-6, options: { smoothing: 0.9, centered: 1 } });
      expect(stated.eps?.path).toBe('optim_args.eps');
    }
    expect(recipeOf(llamafactory, 'adagrad', 'optim_args: eps=1e-7').optimizer.eps).toBe(1e-7);
    expect(recipeOf(llamafactory, 'adagrad').assumed.eps).toMatch(/adagrad defaults eps to 1e-10/);
  });

  it('leave the momentum of schedule-free SGD at 0.9', () => {
    expect(recipeOf(axolotl, 'schedule_free_sgd', 'optim_args: r=1').optimizer).toMatchObject({
      momentum: 0.9,
      options: { r: 1 },
    });
  });

  it('mark states in few bits, and only those', () => {
    const quantized = Object.keys(FACTS).filter((name) => recipeOf(axolotl, name).optimizer.quantized);
    expect(quantized).toEqual(Object.keys(FACTS).filter((name) => /[48]bit/.test(name)));
  });

  it('warn of the decay of Lion, which its library changed', () => {
    expect(codesOf(axolotl, 'lion_8bit')).toEqual([]);
    expect(codesOf(axolotl, 'lion_8bit', 'weight_decay: 0.1')).toEqual(['lion-decay-by-version']);
  });

  it('know no rule for StableAdamW with decouple_lr, where there is decay', () => {
    expect(recipeOf(axolotl, 'stable_adamw', 'optim_args: decouple_lr=False').optimizer.row).toBe('stable-adamw');
    const { optimizer } = recipeOf(axolotl, 'stable_adamw', 'optim_args: decouple_lr=False', 'weight_decay: 0.1');
    expect(optimizer).toMatchObject({ row: null, unknown: expect.stringContaining('decouple_lr') as string });
  });
});
