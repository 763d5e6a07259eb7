import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { Fixture } from '../fixtures';

const PRESET = 'onetrainer/#sdxl LoRA.json';
const CONFIG = 'onetrainer/config.json';
const OLD = 'onetrainer/old.json';

describe('OneTrainer', () => {
  it('takes its defaults where a preset leaves them out', () => {
    const preset = new Fixture(PRESET);
    expect(preset.recipe()).toMatchObject({
      rank: 16,
      alpha: 1,
      scaling: 1 / 16,
      learningRate: 3e-4,
      maxGradNorm: 1,
      warmup: 200,
      optimizer: { name: 'ADAMW', row: 'adamw', weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] },
      targetModules: 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2',
    });
    expect(preset.codes()).toEqual(['alpha-implied']);
    expect(preset.newLines(4)).toEqual([
      '"learning_rate": 0.00015,',
      '"lora_alpha": 4,',
      '"clip_grad_norm": 2.0,',
      '"optimizer": { "weight_decay": 0.02, "eps": 2.0e-8 },',
    ]);
  });

  it('reads nested settings; the alpha of the optimizer is not that of LoRA', () => {
    const config = new Fixture(CONFIG);
    expect(config.recipe()).toMatchObject({
      rank: 32,
      alpha: 16,
      useDora: true,
      learningRate: 2e-4,
      maxGradNorm: 0,
      warmup: 0.1,
      optimizer: { row: 'adamw', quantized: true, weightDecay: 0.01, betas: [0.9, 0.99] },
    });
    expect(config.recipe().stated.learningRate?.path).toBe('transformer.learning_rate');
    expect(config.recipe().assumed.maxGradNorm).toMatch(/turns clipping off/);
    expect(config.codes()).toEqual(['rate-overridden', 'rate-scaled']);
    expect(config.newLines(64)).toEqual([
      '"learning_rate": 5e-06,',
      '"learning_rate": 0.0001',
      '"learning_rate": "2.5e-05"',
      '"lora_alpha": 64.0,',
      '"eps": 2e-08,',
      '"weight_decay": 0.02',
    ]);
  });

  it('reads files from before there were versions', () => {
    const old = new Fixture(OLD);
    expect(old.reading.layout).toBe('onetrainer-flat');
    expect(old.recipe()).toMatchObject({ rank: 8, alpha: 2, learningRate: 2e-4, optimizer: { weightDecay: 0.01 } });
    expect(old.newLines(8)).toEqual([
      '"learning_rate": 0.00005,',
      '"clip_grad_norm": 2.0,',
      '"unet_learning_rate": 0.0001,',
      '"lora_alpha": 8.0,',
      '"optimizer_eps": 2.0e-8,',
      '"optimizer_weight_decay": 0.02',
    ]);
  });

  it('says which rate has no effect, unless a text encoder trains with it', () => {
    expect(new Fixture(CONFIG, [',\n        "learning_rate": "5e-05"', '']).codes()).toEqual(['rate-scaled']);
    expect(new Fixture(CONFIG, ['"BATCH"', '"NONE"']).codes()).toEqual(['rate-overridden']);
  });

  it('says what goes on from a trained LoRA, and what it keeps in 16 bits', () => {
    const goesOn = new Fixture(CONFIG, ['"lora_rank"', '"lora_model_name": "old.safetensors", "lora_rank"']);
    expect(goesOn.codes()).toContain('continues-adapter');
    expect(() => goesOn.rewritten(64)).toThrow(/continues-adapter/);
    expect(new Fixture(CONFIG, ['"lora_rank"', '"lora_weight_dtype": "BFLOAT_16", "lora_rank"']).codes()).toContain(
      'half-precision-weights',
    );
  });

  it('knows what Adafactor needs', () => {
    const named = (settings: string): Fixture =>
      new Fixture(CONFIG, ['"ADAMW_8BIT"', `"ADAFACTOR"${settings}`], ['"beta1": 0.9,', ''], ['"beta2": 0.99,', '']);
    expect(named('').codes()).toContain('optimizer-unknown');
    expect(named(', "relative_step": false, "scale_parameter": false').recipe().optimizer.row).toBe('adafactor-hf');
    const both = named(', "relative_step": false, "eps2": 0.01');
    expect(both.recipe().optimizer).toMatchObject({ row: 'adafactor-hf-scale', constants: { epsRms: 0.01 } });
    expect(named(', "relative_step": true').codes()).toContain('key-ignored');
  });

  it('leaves other adapters and full fine-tunes alone', () => {
    for (const type of ['LOHA', 'OFT_2', 'LOKR']) {
      const other = new Fixture(CONFIG, ['"peft_type": "LORA"', `"peft_type": "${type}"`]);
      expect(other.reading.isLora).toBe(false);
    }
    expect(new Fixture('onetrainer/full.json').reading).toMatchObject({ isLora: false, findings: [] });
    expect(new Fixture(PRESET, ['"LORA"', '"EMBEDDING"']).reading).toMatchObject({ isLora: false, findings: [] });
  });
});

describe('what OneTrainer trains beside the LoRA', () => {
  const CONFIG = {
    __version: 10,
    training_method: 'LORA',
    lora_rank: 16,
    lora_alpha: 4,
    learning_rate: 1e-4,
    optimizer: { optimizer: 'ADAMW', weight_decay: 0.01, eps: 1e-8 },
  };
  const limitsOf = (changes: object): string[] => {
    const text = JSON.stringify({ ...CONFIG, ...changes });
    const { plans } = planConfig(text, readConfig(text, 'a.json'), 0, 16);
    const plan = plans.find(({ id }) => id === 'symmetric');
    return plan?.caveats.filter(({ limits }) => limits === 'approximate').map(({ code }) => code) ?? ['no plan'];
  };
  const EMBEDDINGS = { additional_embeddings: [{ placeholder: '<a>' }] };

  it('is approximate with embeddings, also at a rate of their own', () => {
    expect(limitsOf({})).toEqual([]);
    expect(limitsOf(EMBEDDINGS)).toContain('unscaled-parameters');
    expect(limitsOf({ ...EMBEDDINGS, embedding_learning_rate: 1e-3 })).toContain('unscaled-parameters');
    expect(limitsOf({ additional_embeddings: [{ train: false }] })).toEqual([]);
    expect(limitsOf({ ...EMBEDDINGS, text_encoder: { train_embedding: false } })).toEqual([]);
  });

  it('is approximate where Prodigy would get two rates', () => {
    const optimizer = { optimizer: 'PRODIGY' };
    const text_encoder = { train: true, learning_rate: 0.5 };
    expect(limitsOf({ optimizer, learning_rate: 1, text_encoder })).toContain('rates-refused');
    expect(limitsOf({ optimizer, learning_rate: 1, text_encoder: { train: true } })).not.toContain('rates-refused');
  });

  it('asks the modules for the factors, before the optimizer and the EMA exist', () => {
    const text = JSON.stringify(CONFIG);
    const code = planConfig(text, readConfig(text, 'a.json'), 0, 16).plans[0]?.code;
    expect(code).toContain('init_model_parameters');
    expect(code).toContain('    for module in adapter.modules():');
  });
});

it('names settings that nobody knows', () => {
  const config = { __version: 10, training_method: 'LORA', lora_rank: 16, learning_rate: 1e-4 };
  const unread = (changes: object): string[] =>
    readConfig(JSON.stringify({ ...config, ...changes }), 'a.json').notUnderstood.map(({ source }) => source);
  expect(unread({ lora_b_learning_rate: 1 })).toEqual(['"lora_b_learning_rate":1']);
  expect(unread({ optimizer: { optimizer: 'ADAMW', magic: 3, foreach: false, k: null } })).toEqual(['"magic":3']);
  expect(unread({ lora_layer_preset: 'full', optimizer_defaults: {}, clip_grad_norm: 1 })).toEqual([]);
});
