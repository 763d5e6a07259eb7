import { describe, expect, it } from 'vitest';
import { AXOLOTL_NAMES } from '../../../../../src/config/trainers/axolotl/optimizers';
import { HF_NAMES } from '../../../../../src/config/trainers/hugging-face/optimizers';
import { axolotl, codesOf, factsOf, readingOf, recipeOf } from '../../optimizers/support';

const USUAL = [0.9, 0.999];

/** Row, eps, weight decay and betas when the config says nothing but the name. */
const FACTS: Record<string, unknown[]> = {
  optimi_adamw: ['adamw', 1e-6, 0, [0.9, 0.99]],
  ao_adamw_4bit: ['adamw', 1e-8, 0, USUAL],
  ao_adamw_8bit: ['adamw', 1e-8, 0, USUAL],
  ao_adamw_fp8: ['adamw', 1e-8, 0, USUAL],
  adopt_adamw: ['adopt', 1e-6, 0, [0.9, 0.9999]],
  adamc: ['adamc', 1e-8, 0, USUAL],
  came_pytorch: ['came', 1e-30, 0, USUAL],
  muon: ['muon', 1e-7, 0, null],
  dion: ['dion', 1e-8, 0, null],
  sinkgd: ['sinkgd', 1e-8, 0, null],
  flash_adamw: ['adamw', 1e-8, 0, USUAL],
  flash_adam: ['adam', 1e-8, 0, USUAL],
  flash_sgd: ['sgd', null, 0, null],
  flash_sgdw: ['sgdw', null, 0, null],
  flash_lion: ['lion', null, 0, [0.9, 0.99]],
};

const WITHOUT_ROW = ['polora', 'q_galore_adamw8bit'];

describe('names of Axolotl', () => {
  it('are all in one of these tables', () => {
    const own = Object.keys(AXOLOTL_NAMES).filter((name) => !(name in HF_NAMES));
    expect(own.sort()).toEqual([...Object.keys(FACTS), ...WITHOUT_ROW].sort());
  });

  it.each(Object.entries(FACTS))('%s reads with its own defaults', (name, facts) => {
    expect(factsOf(axolotl, name)).toEqual(facts);
  });

  it.each(WITHOUT_ROW)('%s has no row, and a reason', (name) => {
    expect(recipeOf(axolotl, name).optimizer).toMatchObject({
      row: null,
      unknown: expect.stringContaining(`${name}`) as string,
    });
    expect(codesOf(axolotl, name)).toEqual(['optimizer-unknown']);
  });

  it('warn of what the trainer refuses, and only mention what is not known', () => {
    expect(readingOf(axolotl, 'q_galore_adamw8bit').findings).toMatchObject([{ severity: 'warning' }]);
    expect(readingOf(axolotl, 'polora').findings).toMatchObject([{ severity: 'info' }]);
  });

  it('take eps and betas from the training arguments where those are given', () => {
    const lines = ['adam_epsilon: 1.0e-9', 'adam_beta1: 0.8', 'adam_beta2: 0.95'];
    expect(factsOf(axolotl, 'optimi_adamw', ...lines)).toEqual(['adamw', 1e-9, 0, [0.8, 0.95]]);
    expect(recipeOf(axolotl, 'optimi_adamw').assumed.eps).toBe('optimi_adamw defaults eps to 1e-6.');
  });

  it('let optim_args have the last word, and write there', () => {
    const { optimizer, stated } = recipeOf(
      axolotl,
      'adopt_adamw',
      'weight_decay: 0.1',
      'adam_epsilon: 1.0e-9',
      'optim_args: { eps: 1.0e-5, weight_decay: 0.2 }',
    );
    expect(optimizer).toMatchObject({ eps: 1e-5, weightDecay: 0.2 });
    expect([stated.eps?.path, stated.weightDecay?.path]).toEqual(['optim_args.eps', 'optim_args.weight_decay']);
  });

  it('train A and B of Dion with dion_lr', () => {
    const { learningRate, optimizer, stated } = recipeOf(
      axolotl,
      'dion',
      'dion_lr: 0.02',
      'dion_momentum: 0.9',
      'optim_args:',
      '  rank_fraction: 0.5',
    );
    expect([learningRate, optimizer.momentum, optimizer.options.rankFraction]).toEqual([0.02, 0.9, 0.5]);
    expect(stated.learningRate?.path).toBe('dion_lr');
  });

  it.each(['muon', 'dion', 'sinkgd'])('know nothing of LoRA+ in %s', (name) => {
    const reading = readingOf(axolotl, name, 'loraplus_lr_ratio: 16');
    expect(reading.recipes[0]).toMatchObject({ loraplusLrRatio: null, lrB: null });
    expect(reading.findings).toMatchObject([{ code: 'key-ignored', line: 7 }]);
  });

  it('step Muon as large as Adam, with momentum 0.95', () => {
    expect(recipeOf(axolotl, 'muon').optimizer).toMatchObject({
      momentum: 0.95,
      nesterov: true,
      options: { matchRms: 1 },
    });
    expect(codesOf(axolotl, 'muon', 'adam_epsilon: 1.0e-9')).toEqual(['key-ignored']);
  });

  it('read all constants of CAME', () => {
    const { optimizer } = recipeOf(
      axolotl,
      'came_pytorch',
      'adam_epsilon: 1.0e-28',
      'adam_epsilon2: 1.0e-12',
      'adam_beta3: 0.999',
    );
    expect(optimizer).toMatchObject({ eps: 1e-28, options: { beta3: 0.999, epsInstability: 1e-12 } });
  });

  it('read max_lr of AdamC where somebody says', () => {
    expect(recipeOf(axolotl, 'adamc').optimizer.constants).toEqual({});
    expect(recipeOf(axolotl, 'adamc', 'optim_args: { max_lr: 0.002 }').optimizer.constants).toEqual({ maxRate: 0.002 });
  });

  it('know no rule for decay that does not follow the rate', () => {
    const args = 'optim_args: { decouple_lr: true }';
    for (const name of ['flash_sgdw', 'flash_lion', 'optimi_adamw', 'flash_adamw']) {
      expect(recipeOf(axolotl, name, args).optimizer.row).not.toBeNull();
      expect(recipeOf(axolotl, name, args, 'weight_decay: 0.1').optimizer.row).toBeNull();
    }
  });
});
