import { describe, expect, it } from 'vitest';
import { KOHYA_NAMES } from '../../../../../src/config/trainers/kohya/optimizers';
import { TORCHTUNE_NAMES } from '../../../../../src/config/trainers/torchtune/optimizers';
import { codesOf, factsOf, kohya, readingOf, recipeOf } from '../../optimizers/support';

const USUAL = [0.9, 0.999];
const NONE = [null, null, null, null];

/** Row, eps, weight decay and betas when optimizer_args say nothing. */
const FACTS: Record<string, unknown[]> = {
  AdamW: ['adamw', 1e-8, 0.01, USUAL],
  AdamW8bit: ['adamw', 1e-8, 0.01, USUAL],
  PagedAdamW: ['adamw', 1e-8, 0.01, USUAL],
  PagedAdamW8bit: ['adamw', 1e-8, 0.01, USUAL],
  PagedAdamW32bit: ['adamw', 1e-8, 0.01, USUAL],
  Lion: ['lion', null, 0, [0.9, 0.99]],
  Lion8bit: ['lion', null, 0, [0.9, 0.99]],
  PagedLion8bit: ['lion', null, 0, [0.9, 0.99]],
  SGDNesterov: ['sgd', null, 0, null],
  SGDNesterov8bit: ['sgd', null, 0, null],
  AdaFactor: ['adafactor-hf-scale-relative', 1e-30, 0, null],
  Prodigy: ['prodigy', 1e-8, 0, USUAL],
  DAdaptation: ['dadapt-adam-preprint', 1e-8, 0, USUAL],
  DAdaptAdamPreprint: ['dadapt-adam-preprint', 1e-8, 0, USUAL],
  DAdaptAdam: ['dadapt-adam', 1e-8, 0, USUAL],
  DAdaptAdaGrad: ['dadapt-adagrad', 1e-6, 0, null],
  DAdaptSGD: ['dadapt-sgd', null, 0, null],
  DAdaptLion: ['dadapt-lion', null, 0, [0.9, 0.99]],
  DAdaptAdan: ['dadapt-adan', 1e-8, 0.02, [0.98, 0.92]],
  DAdaptAdanIP: ['dadapt-adan-ip', 1e-8, 0.02, [0.98, 0.92]],
  AdamWScheduleFree: ['schedule-free-adamw', 1e-8, 0, USUAL],
  RAdamScheduleFree: ['schedule-free-radam', 1e-8, 0, USUAL],
  SGDScheduleFree: ['schedule-free-sgd', null, 0, null],
  AdEMAMix8bit: NONE,
  PagedAdEMAMix8bit: NONE,
  // Looked up in torch.optim.
  Adam: ['adam', 1e-8, 0, USUAL],
  Adamax: ['adamax', 1e-8, 0, USUAL],
  NAdam: ['nadam', 1e-8, 0, USUAL],
  RAdam: ['radam', 1e-8, 0, USUAL],
  RMSprop: ['rmsprop', 1e-8, 0, null],
  Adagrad: ['adagrad', 1e-10, 0, null],
  Adadelta: ['adadelta', 1e-6, 0, null],
  Rprop: ['rprop', null, null, null],
  SGD: ['sgd', null, 0, null],
  ASGD: ['asgd', null, 0, null],
  Muon: ['muon', 1e-7, 0.1, null],
  LBFGS: NONE,
  SparseAdam: NONE,
  // Paths of classes.
  'prodigyplus.ProdigyPlusScheduleFree': ['prodigy', 1e-8, 0, [0.9, 0.99]],
  'pytorch_optimizer.AdEMAMix': ['ademamix', 1e-8, 0, USUAL],
  'pytorch_optimizer.ADOPT': ['adopt', 1e-6, 0, [0.9, 0.9999]],
  'pytorch_optimizer.Adan': ['adan', 1e-8, 0, [0.98, 0.92]],
  'pytorch_optimizer.CAME': ['came', 1e-30, 0, USUAL],
  'pytorch_optimizer.StableAdamW': ['stable-adamw', 1e-8, 0.01, [0.9, 0.99]],
  'pytorch_optimizer.Lion': ['lion', null, 0, [0.9, 0.99]],
  'pytorch_optimizer.SOAP': ['soap', 1e-8, 0.01, [0.95, 0.95]],
};

const row = (name: string, ...args: string[]): unknown => recipeOf(kohya, name, ...args).optimizer.row;

describe('names of kohya sd-scripts', () => {
  it('are all in this table, or a class that torchtune shares, or a path it stumbles over', () => {
    const own = Object.keys(KOHYA_NAMES).filter((name) => !(name in TORCHTUNE_NAMES) && !name.startsWith('dadapt'));
    expect(own.sort()).toEqual(Object.keys(FACTS).sort());
  });

  it.each(Object.entries(FACTS))('%s has its own defaults', (name, facts) => {
    expect(factsOf(kohya, name)).toEqual(facts);
    expect(recipeOf(kohya, name).optimizer.unknown === undefined).toBe(facts[0] !== null);
  });

  it('read the classes they share with torchtune', () => {
    expect(factsOf(kohya, 'bitsandbytes.optim.Adam8bit', 'weight_decay=0.1')).toEqual(['adamw', 1e-8, 0.1, USUAL]);
    expect(factsOf(kohya, 'torch.optim.Adafactor')).toEqual(['adafactor-torch', 2 ** -23, 0, null]);
  });

  it('say of DAdaptLion that it has no rule, and read its numbers', () => {
    const args = ['d0=1e-5', 'weight_decay=0.1', 'betas=0.8,0.9'];
    expect(recipeOf(kohya, 'DAdaptLion', ...args).optimizer).toMatchObject({
      weightDecay: 0.1,
      betas: [0.8, 0.9],
      constants: { d0: 1e-5 },
    });
    expect(readingOf(kohya, 'DAdaptLion', ...args).findings).toMatchObject([
      {
        code: 'optimizer-without-rule',
        severity: 'info',
        message: expect.stringMatching(/Only a measurement/) as unknown,
      },
    ]);
  });

  it('stumble over paths that begin with dadapt', () => {
    const [finding] = readingOf(kohya, 'dadaptation.DAdaptAdam').findings;
    expect(finding).toMatchObject({ code: 'optimizer-unknown', severity: 'warning' });
    expect(finding?.message).toMatch(/write DAdaptAdam\./);
  });

  it.each([
    [[], 'adafactor-hf-scale-relative'],
    [['relative_step=True'], 'adafactor-hf-scale-relative'],
    [['scale_parameter=False'], 'adafactor-hf-relative'],
    [['relative_step=False'], 'adafactor-hf-scale'],
    [['relative_step=False', 'scale_parameter=True'], 'adafactor-hf-scale'],
    [['relative_step=False', 'scale_parameter=False'], 'adafactor-hf'],
    [['relative_step=False', 'warmup_init=True'], 'adafactor-hf-scale-relative'],
    [['relative_step=False', 'scale_parameter=False', 'warmup_init=True'], 'adafactor-hf-relative'],
    [['relative_step=False', 'scale_parameter=False', 'warmup_init=False'], 'adafactor-hf'],
  ])('take AdaFactor with %j for %s', (args, wanted) => {
    expect(row('AdaFactor', ...args)).toBe(wanted);
    const isRelative = wanted.endsWith('relative');
    const { learningRate, assumed } = recipeOf(kohya, 'AdaFactor', ...args);
    expect(learningRate).toBe(isRelative ? null : 1e-3);
    expect(codesOf(kohya, 'AdaFactor', ...args)).toEqual(isRelative ? ['key-ignored'] : []);
    if (isRelative) expect(assumed.learningRate).toMatch(/sets its own learning rate/);
  });

  it.each(['eps=(1e-28, 1e-4)', 'eps=1e-28,1e-4', 'eps=[1e-28,1e-4]'])('read both numbers of AdaFactor’s %s', (eps) => {
    const { optimizer, stated } = recipeOf(kohya, 'AdaFactor', 'relative_step=False', eps);
    expect(optimizer).toMatchObject({ eps: 1e-28, constants: { epsRms: 1e-4 } });
    expect([stated.eps?.path, stated.epsRms?.path]).toEqual(['optimizer_args.eps[0]', 'optimizer_args.eps[1]']);
  });

  it('follow the decay that arguments choose', () => {
    expect(row('Prodigy', 'decouple=False')).toBe('prodigy');
    expect(row('Prodigy', 'decouple=False', 'weight_decay=0.1')).toBe('prodigy-coupled');
    expect(row('Prodigy', 'decouple=True', 'weight_decay=0.1')).toBe('prodigy');
    expect(row('DAdaptAdam', 'decouple=True', 'weight_decay=0.1')).toBe('dadapt-adam-decoupled');
    expect(row('DAdaptation', 'decouple=True', 'weight_decay=0.1')).toBe('dadapt-adam-preprint-decoupled');
    expect(row('Lion', 'decoupled_weight_decay=True', 'weight_decay=0.1')).toBeNull();
    expect(row('pytorch_optimizer.ADOPT', 'weight_decay=0.1')).toBeNull();
    expect(row('pytorch_optimizer.ADOPT', 'weight_decay=0.1', 'weight_decouple=True')).toBe('adopt');
    expect(row('RAdamScheduleFree', 'silent_sgd_phase=False')).toBeNull();
  });

  it('read the arguments of Prodigy', () => {
    const { optimizer } = recipeOf(
      kohya,
      'Prodigy',
      'd0=1e-5',
      'd_coef=2',
      'use_bias_correction=True',
      'safeguard_warmup=True',
    );
    expect(optimizer).toMatchObject({
      constants: { d0: 1e-5 },
      options: { dCoef: 2, biasCorrection: 1, safeguardWarmup: 1 },
    });
    expect(recipeOf(kohya, 'Prodigy').assumed.d0).toMatch(/Prodigy defaults d0 to 1e-6/);
  });

  it('read momentum, and Nesterov’s where the class has it', () => {
    expect(recipeOf(kohya, 'SGDNesterov').optimizer).toMatchObject({ momentum: 0.9, nesterov: true });
    expect(recipeOf(kohya, 'SGDNesterov', 'momentum=0.8').optimizer.momentum).toBe(0.8);
    expect(recipeOf(kohya, 'SGDNesterov8bit').optimizer).toMatchObject({ momentum: 0.9, nesterov: false });
    expect(recipeOf(kohya, 'SGD', 'momentum=0.5').optimizer).toMatchObject({ momentum: 0.5, nesterov: null });
  });

  it('read three betas where the class takes three', () => {
    const { optimizer } = recipeOf(kohya, 'DAdaptAdan', 'betas=(0.9, 0.8, 0.7)');
    expect(optimizer).toMatchObject({ betas: [0.9, 0.8], options: { beta3: 0.7 } });
    expect(codesOf(kohya, 'DAdaptAdan', 'betas=(0.9, 0.8)')).toEqual(['value-invalid']);
  });
});
