import { describe, expect, it } from 'vitest';
import { DIFFUSION_PIPE_NAMES } from '../../../../src/config/trainers/diffusion-pipe/optimizers';
import { ONETRAINER_NAMES } from '../../../../src/config/trainers/onetrainer/optimizers';
import { SIMPLETUNER_NAMES } from '../../../../src/config/trainers/simpletuner/optimizers';
import { factsOf, recipeOf, type Writes } from './support';

const USUAL = [0.9, 0.999];
const NONE = [null, null, null, null];

const oneTrainer: Writes = (name, ...lines) => ({
  path: 'o.json',
  text: JSON.stringify({
    training_method: 'LORA',
    optimizer: {
      optimizer: name,
      ...Object.fromEntries(lines.map((line) => JSON.parse(`[${line}]`) as [string, unknown])),
    },
  }),
});

const simpleTuner: Writes = (name, ...lines) => ({
  path: 's.json',
  text: JSON.stringify({ model_type: 'lora', lora_type: 'standard', optimizer: name, optimizer_config: lines.join() }),
});

const diffusionPipe: Writes = (name, ...lines) => ({
  path: 'd.toml',
  text: ['[model]', "type = 'wan'", '[adapter]', "type = 'lora'", 'rank = 8', '[optimizer]', `type = '${name}'`]
    .concat(lines, '')
    .join('\n'),
});

/** Row, eps, weight decay and betas where nobody says, for each name that has a row. */
const ONETRAINER: Record<string, unknown[]> = {
  SGD: ['sgd', null, 0, null],
  SGD_8BIT: ['sgd', null, 0, null],
  ADAM: ['adam', 1e-8, 0, USUAL],
  ADAM_8BIT: ['adamw', 1e-8, 0, USUAL],
  ADAMW: ['adamw', 1e-8, 0.01, USUAL],
  ADAMW_8BIT: ['adamw', 1e-8, 0.01, USUAL],
  AdEMAMix: ['ademamix', 1e-8, 0.01, USUAL],
  AdEMAMix_8BIT: ['ademamix', 1e-8, 0.01, USUAL],
  ADAGRAD: ['adagrad', 1e-10, 0, null],
  ADAGRAD_8BIT: ['adagrad', 1e-10, 0, null],
  RMSPROP: ['rmsprop', 1e-8, 0, null],
  RMSPROP_8BIT: ['rmsprop', 1e-8, 0, null],
  LAMB: ['bnb-lamb', 1e-8, 0, USUAL],
  LION: ['lion', null, 0, [0.9, 0.99]],
  LION_8BIT: ['lion', null, 0, USUAL],
  SCHEDULE_FREE_ADAMW: ['schedule-free-adamw', 1e-8, 0.01, USUAL],
  SCHEDULE_FREE_SGD: ['schedule-free-sgd', null, 0, null],
  DADAPT_ADA_GRAD: ['dadapt-adagrad', 0, 0, null],
  DADAPT_ADAM: ['dadapt-adam', 1e-8, 0, USUAL],
  DADAPT_ADAN: ['dadapt-adan', 1e-8, 0.02, [0.98, 0.92]],
  DADAPT_LION: ['dadapt-lion', null, 0, USUAL],
  DADAPT_SGD: ['dadapt-sgd', null, 0, null],
  PRODIGY: ['prodigy', 1e-8, 0, USUAL],
};

const SIMPLETUNER: Record<string, unknown[]> = {
  'torch-adam': ['adam', 1e-8, 0, USUAL],
  'torch-adamw': ['adamw', 1e-8, 0.01, USUAL],
  'torch-sgd': ['sgd', null, 0, null],
  'torch-radam': ['radam', 1e-8, 0, USUAL],
  'torch-nadam': ['nadam', 1e-8, 0, USUAL],
  'torch-rmsprop': ['rmsprop', 1e-8, 0, null],
  'torch-adagrad': ['adagrad', 1e-10, 0, null],
  'torch-adadelta': ['adadelta', 1e-6, 0, null],
  'torch-adafactor': ['adafactor-torch', 2 ** -23, 0, null],
  'torch-adamax': ['adamax', 1e-8, 0, USUAL],
  'torch-asgd': ['asgd', null, 0, null],
  adamw_bf16: ['adamw', 1e-6, 0.01, USUAL],
  'ao-adamw8bit': ['adamw', 1e-6, 0.01, USUAL],
  'ao-adamw4bit': ['adamw', 1e-6, 0.01, USUAL],
  'ao-adamfp8': ['adam', 1e-6, 0.01, USUAL],
  'ao-adamwfp8': ['adamw', 1e-6, 0.01, USUAL],
  'optimi-stableadamw': ['stable-adamw', 1e-6, 0.01, [0.9, 0.99]],
  'optimi-adamw': ['adamw', 1e-6, 0, [0.9, 0.99]],
  'optimi-lion': ['lion', null, 0, [0.9, 0.99]],
  'optimi-adam': ['adam', 1e-6, 0, [0.9, 0.99]],
  'optimi-sgd': ['sgd', null, 0, null],
  'bnb-adagrad': ['adagrad', 1e-10, 0, null],
  'bnb-adagrad8bit': ['adagrad', 1e-10, 0, null],
  'bnb-adam': ['adamw', 1e-8, 0, USUAL],
  'bnb-adam8bit': ['adamw', 1e-8, 0, USUAL],
  'bnb-adamw': ['adamw', 1e-6, 0.01, USUAL],
  'bnb-adamw8bit': ['adamw', 1e-6, 0.01, USUAL],
  'bnb-adamw-paged': ['adamw', 1e-6, 0.01, USUAL],
  'bnb-adamw8bit-paged': ['adamw', 1e-6, 0.01, USUAL],
  'bnb-lion': ['lion', null, 0, [0.9, 0.99]],
  'bnb-lion8bit': ['lion', null, 0, [0.9, 0.99]],
  'bnb-lion-paged': ['lion', null, 0, [0.9, 0.99]],
  'bnb-lion8bit-paged': ['lion', null, 0, [0.9, 0.99]],
  'bnb-ademamix': ['ademamix', 1e-8, 0.01, USUAL],
  'bnb-ademamix8bit': ['ademamix', 1e-8, 0.01, USUAL],
  'bnb-ademamix-paged': ['ademamix', 1e-8, 0.01, USUAL],
  'bnb-ademamix8bit-paged': ['ademamix', 1e-8, 0.01, USUAL],
  prodigy: ['prodigy', 1e-8, 0, [0.9, 0.99]],
};

describe('names of trainers of diffusion models', () => {
  it.each([
    ['OneTrainer', oneTrainer, ONETRAINER, ONETRAINER_NAMES],
    ['SimpleTuner', simpleTuner, SIMPLETUNER, SIMPLETUNER_NAMES],
  ] as const)('of %s have their own defaults, or say why there is no row', (_, writes, facts, names) => {
    for (const name of Object.keys(names)) {
      expect([name, ...factsOf(writes, name)]).toEqual([name, ...(facts[name] ?? NONE)]);
      expect(recipeOf(writes, name).optimizer.unknown === undefined, name).toBe(facts[name] !== undefined);
    }
  });

  it('of OneTrainer follow their arguments', () => {
    const row = (name: string, ...lines: string[]): unknown => recipeOf(oneTrainer, name, ...lines).optimizer.row;
    expect(row('ADAFACTOR', '"relative_step", false')).toBe('adafactor-hf-scale');
    expect(row('ADAFACTOR', '"relative_step", false', '"scale_parameter", false')).toBe('adafactor-hf');
    expect(row('ADAFACTOR', '"relative_step", true')).toBe('adafactor-hf-scale-relative');
    expect(row('PRODIGY', '"decouple", false', '"weight_decay", 0.1')).toBe('prodigy-coupled');
    expect(row('DADAPT_ADAM', '"decouple", true', '"weight_decay", 0.1')).toBe('dadapt-adam-decoupled');
    expect(row('LARS', '"momentum", 0.9')).toBe('bnb-lars');
  });

  it('of SimpleTuner follow their arguments', () => {
    const row = (name: string, ...lines: string[]): unknown => recipeOf(simpleTuner, name, ...lines).optimizer.row;
    expect(row('optimi-adamw', 'decouple_lr=true', 'weight_decay=0.1')).toBeNull();
    expect(row('prodigy', 'use_grams=true')).toBeNull();
    expect(factsOf(simpleTuner, 'adamw_bf16', 'eps=1e-8', 'weight_decay=0.0')).toEqual(['adamw', 1e-8, 0, USUAL]);
  });

  it('of diffusion-pipe are its own, or classes of pytorch_optimizer', () => {
    expect(factsOf(diffusionPipe, 'adamw')).toEqual(['adamw', 1e-8, 0.01, USUAL]);
    expect(factsOf(diffusionPipe, 'AdamW8bitKahan')).toEqual(['adamw', 1e-8, 0.01, USUAL]);
    expect(factsOf(diffusionPipe, 'adamw_optimi')).toEqual(['adamw', 1e-6, 0, [0.9, 0.99]]);
    expect(factsOf(diffusionPipe, 'StableAdamW')).toEqual(['stable-adamw', 1e-6, 0.01, [0.9, 0.99]]);
    expect(factsOf(diffusionPipe, 'CAME')).toEqual(['came', 1e-30, 0, USUAL]);
    expect(factsOf(diffusionPipe, 'automagic')).toEqual(NONE);
    expect(Object.keys(DIFFUSION_PIPE_NAMES)).toEqual(expect.arrayContaining(['SOAP', 'Lion', 'Prodigy']));
  });
});
