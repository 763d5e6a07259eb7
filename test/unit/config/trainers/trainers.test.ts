import { describe, expect, it } from 'vitest';
import { trainerSupport } from '../../../../src/config/plan/as-trained';
import { planConfig } from '../../../../src/config/planned';
import { interpretText, readConfig, type ConfigReading } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import type { TrainerSupport } from '../../../../src/recipe/plans/plan';
import type { ReadRecipe } from '../../../../src/config/reading';
import { AXOLOTL, KOHYA, LLAMAFACTORY, LLAMAFACTORY_V1, PEFT, TORCHTUNE, type Sample } from '../samples';

const reading = ({ text, path }: Sample, ...changes: [from: string | RegExp, to: string][]): ConfigReading =>
  readConfig(
    changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
    path,
  );
function recipe(...args: Parameters<typeof reading>): ReadRecipe {
  const [first] = reading(...args).recipes;
  if (!first) throw new Error('no recipe');
  return first;
}
function support(...args: Parameters<typeof reading>): TrainerSupport {
  const [{ text, path }, ...changes] = args;
  const changed = changes.reduce((so, [from, to]) => so.replace(from, to), text);
  const { syntax } = readConfig(changed, path);
  const file = syntax ? interpretText(changed, syntax)[0] : undefined;
  const network = file?.networks[0];
  if (!network) throw new Error('no network');
  return trainerSupport(file, network);
}
const codes = (...args: Parameters<typeof reading>): string[] => reading(...args).findings.map(({ code }) => code);

describe('Axolotl', () => {
  it('knows its defaults, and why', () => {
    const { optimizer, maxGradNorm, scheduler, init, assumed } = recipe(AXOLOTL, [/optimizer.*\n/, '']);
    expect(optimizer).toMatchObject({ name: 'adamw_torch_fused', row: 'adamw', eps: 1e-8, betas: [0.9, 0.999] });
    expect([maxGradNorm, scheduler, init]).toEqual([1, 'cosine', 'kaiming-uniform']);
    expect(Object.keys(assumed)).toEqual(expect.arrayContaining(['optimizer', 'eps', 'betas', 'maxGradNorm', 'init']));
    expect(assumed.weightDecay).toBeUndefined();
  });

  it.each([
    ['paged_adamw_8bit', 'adamw'],
    ['adamw_bnb_8bit', 'adamw'],
    ['sgd', 'sgd'],
    ['lion_8bit', 'lion'],
    ['polora', null],
  ])('takes %s for %s', (name, row) => {
    expect(recipe(AXOLOTL, ['adamw_torch', name]).optimizer).toMatchObject({ name, row });
  });

  it('gives SGD neither eps nor betas', () => {
    const { optimizer } = recipe(AXOLOTL, ['adamw_torch', 'sgd']);
    expect(optimizer).toMatchObject({ eps: null, betas: null, momentum: 0 });
  });

  it.each(['optim_args: "momentum=0.9, nesterov=true"', 'optim_args:\n  momentum: 0.9\n  nesterov: true'])(
    'gives SGD its momentum from %j',
    (args) => {
      const { optimizer } = recipe(AXOLOTL, ['adamw_torch', 'sgd'], [/$/, `${args}\n`]);
      expect(optimizer).toMatchObject({ row: 'sgd', momentum: 0.9, nesterov: true });
    },
  );

  it('reads inits by PEFT’s words, and LoftQ by its block', () => {
    expect(recipe(AXOLOTL, [/$/, 'peft_init_lora_weights: pissa_niter_16\n']).init).toBe('pissa');
    expect(recipe(AXOLOTL, [/$/, 'peft_init_lora_weights: false\n']).init).toBe('random-b');
    expect(recipe(AXOLOTL, [/$/, 'peft:\n  loftq_config:\n    loftq_bits: 4\n']).init).toBe('loftq');
  });

  it('has a recipe for every pattern', () => {
    const { recipes } = reading(AXOLOTL, [/$/, 'lora_rank_pattern:\n  v_proj: 4\n']);
    expect(recipes.map(({ name, rank, alpha, scaling }) => [name, rank, alpha, scaling])).toEqual([
      ['lora', 16, 16, 1],
      ['v_proj', 4, 16, 4],
    ]);
  });

  it('warns of decay that LoRA+ drops, and of a trained adapter', () => {
    expect(codes(AXOLOTL, [/$/, 'loraplus_lr_ratio: 16\n'])).toEqual(['loraplus-drops-decay']);
    expect(recipe(AXOLOTL, [/$/, 'loraplus_lr_ratio: 16\n'])).toMatchObject({ loraplusLrRatio: 16, lrB: 3e-4 * 16 });
    expect(codes(AXOLOTL, [/$/, 'lora_model_dir: ./old\n'])).toEqual(['continues-adapter']);
    expect(codes(AXOLOTL, [/$/, 'lora_model_dir:\n'])).toEqual([]);
  });

  it('converts numbers in quotes without a word', () => {
    expect(codes(AXOLOTL, ['3e-4', '"3e-4"'])).toEqual([]);
    expect(recipe(AXOLOTL, ['3e-4', '"3e-4"']).learningRate).toBe(3e-4);
  });
});

describe('LLaMA-Factory', () => {
  it.each(['do_predict: true', 'do_eval: true\ndo_train: false', 'export_dir: ./merged'])(
    'is silent where nothing is trained: %j',
    (lines) => {
      const file = reading(LLAMAFACTORY, [/$/, `\nlora_alpha: 16\n${lines}\n`]);
      expect(file).toMatchObject({ isLora: false, findings: [] });
    },
  );

  it('reads a training that evaluates besides', () => {
    expect(recipe(LLAMAFACTORY, [/$/, '\ndo_train: true\ndo_eval: true\n']).rank).toBeGreaterThan(0);
  });

  it('takes twice the rank for alpha, AdamW and a linear schedule', () => {
    const { alpha, scaling, optimizer, scheduler, assumed } = recipe(LLAMAFACTORY);
    expect([alpha, scaling, optimizer.row, scheduler]).toEqual([16, 2, 'adamw', 'linear']);
    expect(assumed.alpha).toMatch(/to 2 × the rank, 16/);
  });

  it('is LoRA when nobody says, and not when somebody says otherwise', () => {
    expect(reading(LLAMAFACTORY, [/finetuning_type.*\n/, '']).isLora).toBe(true);
    expect(reading(LLAMAFACTORY, ['type: lora', 'type: full']).isLora).toBe(false);
    expect(reading(LLAMAFACTORY, [/$/, 'export_dir: out\n']).isLora).toBe(false);
  });

  it('reads JSON too', () => {
    const text = JSON.stringify({ stage: 'sft', finetuning_type: 'lora', lora_rank: 4, learning_rate: 5e-5 });
    expect(readConfig(text, 'sft.json').recipes[0]).toMatchObject({ rank: 4, alpha: 8, learningRate: 5e-5 });
  });

  it('lets a switch replace the optimizer', () => {
    expect(recipe(LLAMAFACTORY, [/$/, 'use_galore: true\n']).optimizer).toMatchObject({ name: 'galore', row: null });
    expect(recipe(LLAMAFACTORY, [/$/, 'use_galore: false\n']).optimizer.row).toBe('adamw');
  });

  it('says that a number without a dot stops older versions, and that a quoted one stops all', () => {
    expect(reading(LLAMAFACTORY, ['1.0e-4', '1e-4']).findings).toMatchObject([
      { code: 'number-as-text', severity: 'info', line: 7 },
    ]);
    expect(codes(LLAMAFACTORY, ['1.0e-4', '"1e-4"'])).toEqual(['number-as-text']);
    expect(recipe(LLAMAFACTORY, ['1.0e-4', '"1e-4"']).learningRate).toBe(1e-4);
  });

  it('follows no references', () => {
    const { findings, recipes } = reading(LLAMAFACTORY, [/$/, 'lora_alpha: ${lora_rank}\n']);
    expect(recipes).toEqual([]);
    expect(findings).toMatchObject([{ code: 'value-invalid', severity: 'error' }]);
    expect(findings[0]?.message).toContain('LLaMA-Factory does not resolve references');
  });

  it('says what has no scaling', () => {
    expect(codes(LLAMAFACTORY, ['sft', 'rm'])).toEqual(['value-head']);
    expect(codes(LLAMAFACTORY, [/$/, 'additional_target: embed_tokens\n'])).toEqual(['unscaled-parameters']);
  });

  it('has a second layout, in which alpha is 16 and neither decay nor eps can be set', () => {
    const v1 = reading(LLAMAFACTORY_V1, [/ {2}lora_alpha.*\n/, '']);
    expect(v1.recipes[0]).toMatchObject({ alpha: 16, optimizer: { row: 'adamw', weightDecay: 0.01 }, maxGradNorm: 1 });
    expect([...support(LLAMAFACTORY_V1).settable].sort()).toEqual([
      'alpha',
      'learningRate',
      'maxGradNorm',
      'useRslora',
    ]);
    expect([...support(LLAMAFACTORY).settable].sort()).toEqual(
      ['alpha', 'eps', 'learningRate', 'loraplusLrRatio', 'maxGradNorm', 'useRslora', 'weightDecay'].sort(),
    );
  });
});

describe('torchtune', () => {
  it('reads the nested keys, and the optimizer’s own defaults', () => {
    const { alpha, learningRate, optimizer, maxGradNorm, scheduler, warmup, assumed } = recipe(TORCHTUNE);
    expect([alpha, learningRate, maxGradNorm, warmup]).toEqual([16, 3e-4, 0, 100]);
    expect(scheduler).toBe('get_cosine_schedule_with_warmup');
    expect(optimizer).toMatchObject({ row: 'adamw', eps: 1e-8, weightDecay: 0.01, betas: [0.9, 0.999] });
    expect(assumed.weightDecay).toMatch(/0\.01/);
  });

  it('follows references', () => {
    const { alpha, stated } = recipe(TORCHTUNE, ['lora_alpha: 16', 'lora_alpha: ${model.lora_rank}']);
    expect([alpha, stated.alpha?.path]).toEqual([8, 'model.lora_alpha']);
    const { learningRate, unresolved } = recipe(TORCHTUNE, ['optimizer:', 'base:'], [/$/, 'optimizer: ${base}\n']);
    expect([learningRate, unresolved?.learningRate]).toEqual([null, '${base}']);
    expect(codes(TORCHTUNE, ['3e-4', '???'])).toEqual(['value-elsewhere']);
    expect(codes(TORCHTUNE, ['3e-4', '${optimizer.lr}'])).toEqual(['value-elsewhere']);
    expect(codes(TORCHTUNE, ['3e-4', '${oc.env:LR,3e-4}'])).toEqual(['value-elsewhere']);
  });

  it('counts what its switches adapt among the target modules', () => {
    const switched = (...lines: string[]): unknown =>
      recipe(TORCHTUNE, ['  lora_rank', `${lines.map((line) => `  ${line}\n`).join('')}  lora_rank`]).targetModules;
    expect(switched()).toEqual(['q_proj', 'v_proj']);
    expect(switched('apply_lora_to_mlp: True', 'apply_lora_to_output: False')).toEqual([
      'q_proj',
      'v_proj',
      'w1',
      'w2',
      'w3',
    ]);
    expect(switched('apply_lora_to_output: true')).toEqual(['q_proj', 'v_proj', 'output']);
  });

  it('has an alpha of 16 and a rank of 8 when nobody says', () => {
    expect(recipe(TORCHTUNE, [/ {2}lora_(rank|alpha).*\n {2}lora_alpha.*\n/, ''])).toMatchObject({
      rank: 8,
      alpha: 16,
    });
  });

  it('reads betas from a list and refuses other things', () => {
    expect(recipe(TORCHTUNE, ['  lr: 3e-4', '  lr: 3e-4\n  betas: [0.9, 0.95]']).optimizer.betas).toEqual([0.9, 0.95]);
    expect(codes(TORCHTUNE, ['  lr: 3e-4', '  lr: 3e-4\n  betas: [0.9]'])).toEqual(['value-invalid']);
  });

  it('is no LoRA config without a LoRA builder', () => {
    expect(reading(TORCHTUNE, ['lora_llama3_2_1b', 'llama3_2_1b']).isLora).toBe(false);
    expect(reading(TORCHTUNE, ['lora_llama3_2_1b', 'qlora_llama3_2_1b']).isLora).toBe(true);
  });

  it('reads SGD with its momentum', () => {
    const sgd = recipe(TORCHTUNE, ['AdamW', 'SGD'], ['  lr: 3e-4', '  lr: 3e-4\n  momentum: 0.9\n  nesterov: True']);
    expect(sgd.optimizer).toMatchObject({ row: 'sgd', momentum: 0.9, nesterov: true, eps: null, weightDecay: 0 });
  });
});

describe('kohya sd-scripts', () => {
  it('flattens sections, lets unet_lr beat learning_rate, and reads the argument lists', () => {
    const { recipes } = reading(KOHYA);
    expect(recipes.map(({ name, rank, alpha, scaling }) => [name, rank, alpha, scaling])).toEqual([
      ['lora', 32, 16, 0.5],
      ['conv', 8, 4, 0.5],
    ]);
    expect(recipes[0]).toMatchObject({ learningRate: 1e-4, maxGradNorm: 1, scheduler: 'constant' });
    expect(recipes[0]?.optimizer).toMatchObject({ weightDecay: 0.01, betas: [0.9, 0.99], eps: 1e-8 });
    expect(recipes[0]?.stated.weightDecay?.path).toBe('optimizer_args.weight_decay');
    expect(recipes[0]?.stated.learningRate?.path).toBe('unet_lr');
  });

  it('has an alpha of 1 and a rank of 4 when nobody says, and takes 0 for the rank', () => {
    expect(recipe(KOHYA, [/network_alpha.*\n/, ''], [/network_dim.*\n/, ''])).toMatchObject({ rank: 4, alpha: 1 });
    const zero = recipe(KOHYA, ['network_alpha = 16', 'network_alpha = 0']);
    expect([zero.alpha, zero.assumed.alpha]).toEqual([32, 'network_alpha is 0, which means the rank.']);
    expect(reading(KOHYA, [', "conv_alpha=4"', '']).recipes[1]).toMatchObject({ name: 'conv', alpha: 1 });
  });

  it('reads LoCon, and refuses what does not scale by alpha', () => {
    expect(reading(KOHYA, ['networks.lora', 'lycoris.kohya'], ['"conv_dim', '"algo=locon", "conv_dim']).isLora).toBe(
      true,
    );
    for (const [module, args] of [
      ['lycoris.kohya', '"algo=loha", "conv_dim'],
      ['networks.oft', '"conv_dim'],
      ['networks.dylora', '"conv_dim'],
    ] as const) {
      const other = reading(KOHYA, ['networks.lora', module], ['"conv_dim', args]);
      expect(other).toMatchObject({
        isLora: false,
        recipes: [],
        findings: [{ code: 'other-adapter', severity: 'info' }],
      });
    }
  });

  it('knows its optimizer words', () => {
    expect(recipe(KOHYA, ['"AdamW"', '"SGDNesterov"']).optimizer).toMatchObject({
      row: 'sgd',
      momentum: 0.9,
      nesterov: true,
    });
    expect(recipe(KOHYA, ['optimizer_type = "AdamW"', 'use_8bit_adam = true']).optimizer.name).toBe('AdamW8bit');
    expect(recipe(KOHYA, [/optimizer_type.*\n/, '']).optimizer.name).toBe('AdamW');
    expect(recipe(KOHYA, ['"AdamW"', '"LBFGS"']).optimizer).toMatchObject({ row: null, eps: null });
  });

  it('says that numbers in quotes stop the run', () => {
    expect(codes(KOHYA, ['unet_lr = 1e-4', 'unet_lr = "1e-4"'])).toEqual(['number-as-text']);
    // A program around sd-scripts makes a number of it.
    expect(codes(KOHYA, ['unet_lr = 1e-4', 'unet_lr = "1e-4"\nmodel_train_type = "sd-lora"'])).toEqual([]);
  });

  it('warns of a text encoder on its default rate', () => {
    expect(codes(KOHYA, [/text_encoder_lr.*\n/, ''])).toEqual(['text-encoder-default']);
    expect(codes(KOHYA, [/text_encoder_lr.*\n/, 'network_train_unet_only = true\n'])).toEqual([]);
  });

  it('refuses a conv_alpha that is no number, and keeps the other network', () => {
    const bad = reading(KOHYA, ['conv_alpha=4', 'conv_alpha=-4']);
    expect(bad.recipes.map(({ name }) => name)).toEqual(['lora']);
    expect(bad.findings).toMatchObject([{ code: 'value-invalid', line: 5 }]);
  });
});

describe('PEFT', () => {
  it('has a recipe for each pattern, and no learning rate', () => {
    const { recipes } = reading(PEFT);
    expect(recipes.map(({ name, rank, alpha }) => [name, rank, alpha])).toEqual([
      ['lora', 32, 64],
      ['model.layers.0.q_proj', 8, 16],
      ['v_proj', 32, 32],
    ]);
    expect(recipes[0]).toMatchObject({ learningRate: null, maxGradNorm: null, optimizer: { name: null, row: null } });
    expect(recipes[1]?.stated.alpha?.path).toBe('alpha_pattern.model.layers.0.q_proj');
  });

  it('has an alpha of 8 when nobody says, whatever the rank', () => {
    expect(recipe(PEFT, [/ {2}"lora_alpha": 64,\n/, ''])).toMatchObject({ rank: 32, alpha: 8, scaling: 0.25 });
  });

  it('writes nothing to a trained adapter, known by its file or by the weights beside it', () => {
    const trained = PEFT.text.replace('"r": 32', '"inference_mode": true, "r": 32');
    const readings: [string, ConfigReading, RegExp][] = [
      [trained, readConfig(trained, PEFT.path), /inference_mode is true/],
      [PEFT.text, readConfig(PEFT.text, PEFT.path, { hasWeights: true }), /its weights are in the same folder/],
      [trained, readConfig(trained, PEFT.path, { hasWeights: true }), /inference_mode is true/],
    ];
    for (const [text, read, why] of readings) {
      const message = expect.stringMatching(why) as string;
      expect(read.findings).toMatchObject([{ code: 'trained-adapter', severity: 'warning', message }]);
      const [plan] = planConfig(text, read, 0, 128).plans;
      expect(plan).toMatchObject({ exactness: 'approximate', claim: { limit: message } });
      expect(plan?.caveats[0]).toMatchObject({ code: 'trained-adapter' });
      expect(rewriteConfig(text, read, 0, 128, 'symmetric')).toEqual({ refusal: { code: 'trained-adapter', message } });
    }
  });

  it('tells a trained adapter, and what has no scaling', () => {
    expect(codes(PEFT, ['"r": 32', '"inference_mode": true, "r": 32'])).toEqual(['trained-adapter']);
    expect(codes(PEFT, ['"r": 32', '"modules_to_save": ["lm_head"], "bias": "all", "r": 32'])).toEqual([
      'unscaled-parameters',
      'trained-biases',
    ]);
    expect(codes(PEFT, ['"r": 32', '"modules_to_save": null, "bias": "none", "r": 32'])).toEqual([]);
  });

  it('refuses adapters of other types', () => {
    const other = reading(PEFT, ['LORA', 'LOHA']);
    expect(other).toMatchObject({ isLora: false, recipes: [], findings: [{ code: 'other-adapter' }] });
    expect(other.findings[0]?.message).toMatch(/LOHA/);
  });

  it('can set nothing but alpha and its rule; the rest is in the script', () => {
    const { settable, inScript } = support(PEFT);
    expect([...settable].filter((field) => !inScript?.has(field))).toEqual(['alpha', 'useRslora']);
    expect(inScript?.has('learningRate')).toBe(true);
  });
});
