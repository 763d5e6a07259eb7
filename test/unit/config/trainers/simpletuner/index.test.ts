import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { Fixture } from '../fixtures';

const DASHES = 'simpletuner/config.json';
const NORM = 'simpletuner/norm.json';
const TOML = 'simpletuner/config.toml';
const ENV = 'simpletuner/config.env';

describe('SimpleTuner', () => {
  it('takes keys with dashes, and numbers in texts', () => {
    const config = new Fixture(DASHES);
    expect(config.recipe()).toMatchObject({
      rank: 16,
      alpha: 16,
      learningRate: 1e-4,
      warmup: 100,
      dropout: 0.1,
      maxGradNorm: null,
      maxGradValue: 2,
      optimizer: { name: 'adamw_bf16', row: 'adamw', weightDecay: 0.01, eps: 1e-6, betas: [0.9, 0.999] },
    });
    expect(config.recipe().assumed.alpha).toMatch(/defaults alpha to the rank/);
  });

  it('says that names of Hugging Face’s Trainer have no effect', () => {
    expect(new Fixture(DASHES).reading.findings).toMatchObject([{ code: 'key-ignored', severity: 'info', line: 8 }]);
    // DeepSpeed's optimizer does take them, and is not read here.
    const deepSpeed = new Fixture(DASHES, ['"--mixed', '"use_deepspeed_optimizer": true,\n  "--mixed']);
    expect(deepSpeed.codes()).toEqual(['not-understood']);
  });

  it('writes new keys with the dashes of their neighbours, and begins the one text', () => {
    expect(new Fixture(DASHES).newLines(64)).toEqual([
      '"--lora_alpha": 64,',
      '"--learning_rate": "5e-5",',
      '"--max_grad_norm": 4.0,',
      '"--optimizer_config": "weight_decay=0.02,eps=2e-6",',
      '"--lr_end": 2e-7,',
    ]);
  });

  it('clips by norm where it is told to, and edits inside the text', () => {
    const norm = new Fixture(NORM);
    expect(norm.reading.layout).toBe('simpletuner-norm');
    expect(norm.recipe()).toMatchObject({
      alpha: 32,
      useDora: true,
      maxGradNorm: 0.5,
      optimizer: { weightDecay: 0.05, eps: 1e-7, betas: [0.9, 0.95] },
    });
    expect(norm.recipe().maxGradValue).toBeUndefined();
    expect(norm.codes()).toEqual(['rate-scaled']);
    expect(norm.newLines(128)).toEqual([
      '"lora_alpha": 128,',
      '"max_grad_norm": 1.0,',
      '"learning_rate": 4e-5,',
      '"optimizer_config": "weight_decay=0.1,eps=2e-7",',
    ]);
    expect(new Fixture(NORM, ['"norm"', '"value"']).recipe()).toMatchObject({ maxGradNorm: null, maxGradValue: 0.5 });
  });

  it('knows inits, and optimizers that are never clipped', () => {
    const toml = new Fixture(TOML);
    expect(toml.recipe()).toMatchObject({ rank: 8, alpha: 8, init: 'gaussian', maxGradNorm: 0, maxGradValue: 0 });
    expect(toml.recipe().optimizer).toMatchObject({ row: 'prodigy', betas: [0.9, 0.99] });
    expect(toml.newLines(32)).toEqual(['lora_alpha = "32"', 'optimizer_config = "d0=5e-7,eps=2e-8"']);
  });

  it('reads a config.env, and writes into its extra arguments', () => {
    const env = new Fixture(ENV);
    expect(env.recipe()).toMatchObject({ rank: 16, alpha: 16, learningRate: 1e-4, scheduler: 'constant' });
    expect(env.newLines(64)).toEqual([
      'export LEARNING_RATE=5e-5',
      'export TRAINER_EXTRA_ARGS="--lora_rank=16 --max_grad_norm=4.0 --optimizer_config=weight_decay=0.02,eps=2e-6 --lora_alpha=64 --gradient_checkpointing"',
    ]);
  });

  it('says what goes on from a trained LoRA', () => {
    const goesOn = new Fixture(NORM, ['"lora_rank"', '"init_lora": "old.safetensors",\n  "lora_rank"']);
    expect(() => goesOn.rewritten(64)).toThrow(/continues-adapter/);
  });

  it('leaves other adapters and full fine-tunes alone', () => {
    expect(new Fixture('simpletuner/lycoris.json').reading).toMatchObject({
      isLora: false,
      findings: [{ code: 'other-adapter', severity: 'info' }],
    });
    expect(new Fixture(NORM, ['"lora_rank"', '"peft_lora_mode": "singlora", "lora_rank"']).reading.isLora).toBe(false);
    expect(new Fixture('simpletuner/full.json').reading).toMatchObject({ isLora: false, findings: [] });
  });
});

it('names settings that nobody knows', () => {
  const config = {
    model_type: 'lora',
    model_family: 'flux',
    lora_rank: 8,
    learning_rate: '1e-4',
    optimizer: 'adamw_bf16',
  };
  const unread = (changes: object): string[] =>
    readConfig(JSON.stringify({ ...config, ...changes }), 'a.json').notUnderstood.map(({ source }) => source);
  expect(unread({ lora_plus_ratio: 4 })).toEqual(['"lora_plus_ratio":4']);
  expect(unread({ optimizer_config: 'weight_decay=0.1,magic=3' })).toEqual(['magic=3']);
  expect(unread({ lr_warmup_steps: 10, grad_clip_method: 'norm', lora_format: 'comfyui' })).toEqual([]);
});

const UNSCALED = ['unscaled-parameters', 'clip-over-unscaled'];

describe('what SimpleTuner trains beside the LoRA', () => {
  const limits = (changes: object, alpha = 16): string[] => {
    const config = { model_type: 'lora', model_family: 'wan', lora_rank: 8, lora_alpha: 4, learning_rate: '1e-4' };
    const text = JSON.stringify({ ...config, lr_scheduler: 'constant', ...changes });
    const plan = planConfig(text, readConfig(text, 'a.json'), 0, alpha).plans.find(({ id }) => id === 'symmetric');
    return (plan?.caveats ?? []).flatMap(({ code, limits: how }) => (how === 'approximate' ? [code] : []));
  };

  it.each([
    [{}, []],
    [{ crepa_enabled: true }, UNSCALED],
    [{ urepa_enabled: 'true' }, UNSCALED],
    [{ internal_guidance_enabled: true }, UNSCALED],
    [{ nextlat_enabled: false }, []],
    [{ train_text_encoder: true, text_encoder_lr: 1e-5 }, UNSCALED],
    [{ distillation_method: 'dmd' }, ['not-understood']],
    [{ distillation_method: '' }, []],
  ])('keeps a plan from being exact: %o', (changes, codes) => {
    expect(limits(changes)).toEqual(codes);
  });

  it('is A and B in bfloat16 by default', () => {
    const whole = { optimizer: 'optimi-adamw', mixed_precision: 'no' };
    expect([limits({}, 12), limits(whole, 12)]).toEqual([['half-precision-weights'], []]);
  });

  it('is a text encoder without LoRA, whose rate stays', () => {
    const text =
      '{"model_type": "lora", "model_family": "sdxl", "lora_rank": 8, "lora_alpha": 4, "learning_rate": "1e-4", "text_encoder_lr": "1e-5"}';
    const result = rewriteConfig(text, readConfig(text, 'a.json'), 0, 16, 'symmetric');
    expect('edits' in result && applyEdits(text, result.edits)).toContain('"text_encoder_lr": "1e-5"');
  });
});
