import { describe, expect, it } from 'vitest';
import { readConfig, type ConfigReading } from '../../../../../src/config/read';
import type { ReadRecipe } from '../../../../../src/config/reading';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { applyEdits } from '../../../../../src/config/write/edits';

function read(text: string, path = 'a.yaml'): { reading: ConfigReading; recipe: ReadRecipe } {
  const reading = readConfig(text, path);
  const [recipe] = reading.recipes;
  if (!recipe) throw new Error(JSON.stringify(reading.findings));
  return { reading, recipe };
}

/** What is read in a home-made config: rank, alpha, rate, decay, clip, eps, betas; without trailing nulls. */
function facts({ rank, alpha, learningRate, maxGradNorm, optimizer }: ReadRecipe): unknown[] {
  const all = [rank, alpha, learningRate, optimizer.weightDecay, maxGradNorm, optimizer.eps, optimizer.betas];
  return all.slice(0, all.findLastIndex((value) => value !== null) + 1);
}

const HOME = 'lora: {r: 8, alpha: 16}\n';
const TRAINED = `${HOME}lr: 1e-4\n`;
const COMMAND = 'python my.py --lora_r 8 --lora_alpha 16';

const READ: readonly (readonly [text: string, wanted: readonly unknown[], path?: string])[] = [
  [
    `model: {lora: {rank: 16, alpha: 32, dropout: 0.05}}
train:
  optimizer: {name: AdamW, lr: 3e-4, weight_decay: 0.01, betas: [0.9, 0.95], eps: 1e-8}
  grad_clip: 1.0
  scheduler: {name: cosine, warmup: 5}
loss: {alpha: 0.25}
dpo: {beta: 0.1}
`,
    [16, 32, 3e-4, 0.01, 1, 1e-8, [0.9, 0.95]],
  ],
  [
    '{"lora_r": "8", "lora_alpha": 16, "learning_rate": "2e-4", "max_grad_norm": 0.3, "beta": 0.1, "epsilon": 0.2}',
    [8, 16, 2e-4, null, 0.3],
    'a.json',
  ],
  [
    '{"loraConfig": {"loraRank": 8, "loraAlpha": 16}, "training_args": {"learningRate": 1e-4, "weightDecay": 0}}',
    [8, 16, 1e-4, 0],
    'a.json',
  ],
  ['{"stages": [{"name": "sft", "lora": {"r": 8, "alpha": 16}, "lr": 1e-4}]}', [8, 16, 1e-4], 'a.json'],
  // The code sets the learning rate.
  ['{"r": 8, "lora_alpha": 16, "target_modules": ["q_proj"]}', [8, 16], 'a.json'],
  ['lora: {rank: 8, alpha: 16, dropout: 0}\n', [8, 16]],
  ['[lora]\nr = 8\nalpha = 16\n[optimizer]\nlr = 1e-4\nweight_decay = 0.1\n', [8, 16, 1e-4, 0.1], 'a.toml'],
  ['train.lora.rank = 4\ntrain.lora.alpha = 8\ntrain.lr = 1e-3\n', [4, 8, 1e-3], 'a.toml'],
  ['LORA_R: 8\nLORA_ALPHA: 16\nLR: 1e-4\nWEIGHT_DECAY: 0.01\n', [8, 16, 1e-4, 0.01]],
  ['a: {b: {qlora_config: {r: 64, alpha: 16}}}\nhyperparameters: {lr: 2e-4}\n', [64, 16, 2e-4]],
  ['lora: {rank: 16, alpha: "${lora.rank}"}\noptim: {lr: 1e-4}\n', [16, 16, 1e-4]],
  [`${TRAINED}optimizer: {type: rmsprop, alpha: 0.99}\nhead: {cpo_alpha: 1}\n`, [8, 16, 1e-4]],
  // A decay around the rate, and in a block of the training.
  [`${HOME}optimizer: {lr: 1e-4}\nweight_decay: 0.3\n`, [8, 16, 1e-4, 0.3]],
  [`${HOME}optimizer: {lr: 1e-4}\ntraining: {weight_decay: 0.3}\n`, [8, 16, 1e-4, 0.3]],
  [`${TRAINED}wd: 0.1\nmax_norm: 0.5\n`, [8, 16, 1e-4, 0.1, 0.5]],
  ...['base_lr', 'peak_lr'].map((key) => [`${HOME}training: {${key}: 1e-4}\n`, [8, 16, 1e-4]] as const),
  ...['gradient_clipping', 'gradient_clip_val', 'clip_grad', 'grad_norm_clip'].map(
    (key) => [`${TRAINED}${key}: 0.5\n`, [8, 16, 1e-4, null, 0.5]] as const,
  ),
  [`${HOME}optimizer: {name: lion, params: {lr: 1e-4, weight_decay: 0.1}}\n`, [8, 16, 1e-4, 0.1]],
  [`${HOME}train: {optim: {name: lion, kwargs: {lr: 1e-4}}}\n`, [8, 16, 1e-4]],
  // The block's own names, and a rate beside it that only it can have.
  ['lora_cfg: {dim: 8, alpha: 16}\ntrain: {lr: 1e-4}\n', [8, 16, 1e-4]],
  ['model: {lora_config: {rank: 8, alpha: 16}}\nsolver: {lr: 1e-4, weight_decay: 0.1}\n', [8, 16, 1e-4, 0.1]],
  [`${HOME}stage0: {lr: 1e-4}\n`, [8, 16, 1e-4]],
  // The same number under two names, and a part without an optimizer.
  [`learning_rate: 1e-4\n${HOME}optim: {name: adamw, lr: "\${learning_rate}"}\n`, [8, 16, 1e-4]],
  ['actor: {lora: {r: 8, alpha: 16}, optimizer: {name: adamw, lr: 1e-4}}\nref: {optimizer: null}\n', [8, 16, 1e-4]],
  // Tunix and MaxText, AutoTrain, EasyR1, an old script of ChatGLM-Efficient-Tuning.
  [
    'actor_model_config: {lora_config: {rank: 8, alpha: 16.0}}\nrl_training_config:\n  actor_optimizer_config:\n    {opt_type: adamw, peak_value: 3e-6, init_value: 0.0, weight_decay: 0.1}\n',
    [8, 16, 3e-6, 0.1],
  ],
  [
    'python3 -m tunix.cli.peft_main m.lora_config.rank=8 m.lora_config.alpha=16.0 optimizer_config.learning_rate=1e-5',
    [8, 16, 1e-5],
    'a.sh',
  ],
  ['python3 -m maxtext.sft a.yml lora.lora_rank=8 lora.lora_alpha=16.0 learning_rate=3e-6', [8, 16, 3e-6], 'a.sh'],
  ['python train.py lora.rank=8 lora.alpha=16 optim.lr=1e-4', [8, 16, 1e-4], 'a.sh'],
  ['torchrun -m RL2.trainer.ppo actor.lora.r=8 actor.lora.lora_alpha=16 actor.lr=1e-5', [8, 16, 1e-5], 'a.sh'],
  ['autotrain llm --train --peft --lora-r 8 --lora-alpha 16 --lr 2e-4', [8, 16, 2e-4], 'a.sh'],
  [
    'python3 -m verl.trainer.main config=a.yaml worker.actor.model.lora.rank=8 worker.actor.model.lora.alpha=16 worker.actor.optim.lr=1e-5',
    [8, 16, 1e-5],
    'a.sh',
  ],
  [
    'python src/train_sft.py --finetuning_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4',
    [8, 16, 1e-4],
    'a.sh',
  ],
  // LoRA without quantization; a method of the training; metrics that are no results.
  [`use_lora: true\nuse_qlora: false\n${TRAINED}`, [8, 16, 1e-4]],
  [`${TRAINED}training: {training_type: sft}\nmetric_for_best_model: eval_loss\n`, [8, 16, 1e-4]],
];

/** Files of other kinds that speak of LoRA or LoRa, of a rank, of an alpha, or of all of them. */
const SILENT: readonly string[] = [
  // No rank and alpha of LoRA: servers, workflows, models, schemas, other low ranks, radio, leaderboards, statistics.
  'kind: Deployment\nmetadata: {name: lora, labels: {track: alpha, rank: "1"}}\nargs: [--enable-lora, "16"]\n',
  'services: {trainer: {image: "lora:alpha", environment: {LORA_RANK: "16", TRACK: alpha}}}\n',
  'name: lora\njobs: {test: {strategy: {matrix: {rank: [8, 16], alpha: [16, 32]}}}}\n',
  '{"model_type": "deepseek_v3", "kv_lora_rank": 512, "q_lora_rank": 1536, "alpha": 1.0}',
  '{"lora": {"properties": {"rank": {"type": "integer", "default": 8}, "alpha": {"type": "number"}}}}',
  '# compare with lora\ndecomposition: {rank: 12, alpha: 0.1}\nlr: 1e-4\n',
  '# lora\nadapter: {type: lora, rank: 8, alpha: 16}\nlr: 1e-4\n',
  'lora: {frequency: 868100000, spreading_factor: 7, bandwidth: 125, r: 3, alpha: 0.5}\n',
  '[{"title": "LoRA", "rank": 1, "alpha": 0.9}, {"title": "DoRA", "rank": 2, "alpha": 0.8}]',
  'lora: {tests: {r: 12, alpha: 0.05, n_components: 3}}\n',
  'lora: {rank: the size of the bottleneck, alpha: what the product is scaled by}\n',
  'lora_r: 0\nlora_alpha: 16\nlr: 1e-4\n',
  'lora: {rank: 16}\nmixup_alpha: 0.2\nlr: 1e-4\n',
  'lora: {rank: 8, alpha: [\n',
  // Nothing says that it is trained.
  HOME,
  // LoRA is off, or all weights train.
  'is_peft: false\npeft: {lora_r: 16, lora_alpha: 32}\nlr: 1e-4\n',
  'lora: {enabled: false, rank: 16, alpha: 32}\nlr: 1e-4\n',
  'lora: {use: false, r: 16, alpha: 32}\nlr: 1e-4\n',
  'lora: {active: no, r: 16, alpha: 32}\nlr: 1e-4\n',
  `model: {use_lora: false}\n${TRAINED}`,
  `no_lora: true\n${TRAINED}`,
  'base_model: m\nadapter:\nlora_r: 16\nlora_alpha: 32\nlr: 2e-5\n',
  `train_type: full\n${TRAINED}`,
  `training: {training_type: full_finetuning}\n${TRAINED}`,
  // Another adapter.
  'adapter: {type: lokr, lora_rank: 16, lora_alpha: 32}\nlr: 1e-4\n',
  'adalora: {r: 8, lora_alpha: 16}\nlr: 1e-4\n',
  'loha: {lora_rank: 8, lora_alpha: 4}\nlr: 1e-4\n',
  'peft_config: {peft_type: GRALORA, r: 32, alpha: 64}\nlr: 1e-4\n',
  'peft_method: AdaLoRA\npeft: {r: 8, lora_alpha: 16}\nlr: 1e-4\n',
  `finetuning_type: lora\n${TRAINED}`,
  // What a run writes down of itself, and a use of a model.
  '{"lora_r": 16, "lora_alpha": 32, "learning_rate": 1e-4, "final_loss": 0.31, "wall_time": 33}',
  '{"lora_config": {"r": 16, "lora_alpha": 32, "target_modules": ["q"]}, "trainable_params": 344064}',
  `mode: test\n${TRAINED}`,
  `eval_only: true\n${TRAINED}`,
  // Several blocks, or an unclear one.
  'lora_r: 8\nlora_rank: 16\nlora_alpha: 16\nlr: 1e-4\n',
  '{"lora_r": 16, "lora_alpha": 32, "lora_text_encoder_alpha": 8, "lr": 1e-4}',
  'a: {lora: {r: 8, alpha: 8}, lr: 1e-4}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
  'lora: &x {rank: 16, alpha: 1}\na: {lora: *x, lr: 1}\nb: {lora: *x, lr: 2}\n',
  `${HOME}optimizer_config: {r: 4, alpha: 8, lr: 1e-4}\n`,
];

/** Files with keys that are not read: how the warning begins, and whether it keeps from writing. */
const UNSURE: readonly (readonly [text: string, begins: string, blocks: boolean])[] = [
  [`${HOME}training: {lr: 1e-4}\nfinetune: {lr: 2e-4}\n`, 'training.lr and finetune.lr may be the learning rate', true],
  ['stage: {lora: {r: 8, alpha: 16}, lr: 1e-4}\nlr: 9\n', 'lr and stage.lr may be the learning rate', true],
  [`${HOME}optimizer: {lr: 1e-4}\nhead: {weight_decay: 0.3}\n`, 'head.weight_decay may be weight decay', true],
  [`${TRAINED}optim: adamw\noptimizer_type: sgd\n`, 'optim and optimizer_type may be the optimizer', true],
  [`${TRAINED}head: {grad_clip: 5}\n`, 'head.grad_clip may be max grad norm', true],
  [`${TRAINED}stages: [{lr: 1e-5}]\n`, 'lr and stages[0].lr may be the learning rate', true],
  // The only rate, in a block that may be another model's.
  [`${HOME}critic: {lr: 1e-3}\n`, 'critic.lr may be the learning rate', true],
  [`${HOME}head_lr: 1e-3\nbackbone_lr: 1e-4\n`, 'head_lr and backbone_lr may be the learning rate', true],
  [`${HOME}optim: {peak_value: 1e-4, end_value: 1e-5}\n`, 'optim.end_value may be the learning rate', false],
  ['lora: {r: 8, alpha: 16, dropout: 0}\nmax_lr: 1e-4\n', 'max_lr may be the learning rate', true],
  [
    'lora: {r: 8, alpha: 16, dropout: 0}\nlr: {initial: 1e-4, final: 1e-5}\n',
    'lr, lr.initial and lr.final may be the learning rate',
    true,
  ],
  [`${TRAINED}optimizer: [adamw, sgd]\n`, 'optimizer may be the optimizer', true],
  [`${HOME}optim: {algorithm: sgd, lr: 0.1}\n`, 'optim.algorithm may be the optimizer', true],
  [`${TRAINED}train: {optimizer_cls: SGD}\n`, 'train.optimizer_cls may be the optimizer', true],
  // One flag hides the other.
  [`${COMMAND} --optimizer.lr=1e-4 --optimizer=SGD`, 'optimizer.lr may be the learning rate', true],
  [`${COMMAND} --optimizer=SGD --optimizer.lr=1e-4`, 'optimizer may be the optimizer', true],
  [`${TRAINED}unet_lr: 1e-5\nmin_lr: 1e-6\n`, 'unet_lr and min_lr may be', false],
  [`${TRAINED}scheduler: {name: cosine, min_lr: 1e-5}\n`, 'scheduler.min_lr may be', false],
  [`${HOME}train: {lr: 1e-4, lr_scheduler: {eta_min: 1e-5}}\n`, 'train.lr_scheduler.eta_min may be', false],
];

/** What may train more than A and B, or begin from trained factors. */
const TRAINS_MORE: readonly (readonly [lora: string, more: string, sources: readonly string[]])[] = [
  [', bias: all', '', ['bias: all']],
  [', bias: none, task_type: CAUSAL_LM, init_lora_weights: true, modules_to_save: []', '', []],
  [', task_type: SEQ_CLS', '', ['task_type: SEQ_CLS']],
  [', modules_to_save: [head]', '', ['modules_to_save: [head]']],
  ['', 'resume: null\nresume_from_checkpoint: ""\n', []],
  ['', 'resume_from_checkpoint: out/last\n', ['resume_from_checkpoint: out/last']],
  ['', 'train_embeddings: true\nunfreeze_layers: 2\n', ['train_embeddings: true', 'unfreeze_layers: 2']],
  ['', 'train_lm_head: true\nlora_weights: out/a\n', ['train_lm_head: true', 'lora_weights: out/a']],
  ['', 'adapter_name: dora\n', ['adapter_name: dora']],
  ['', 'unfreeze_norm: false\nunfreeze_layers: 0\n', []],
];

describe('home-made configs', () => {
  it.each(READ.map(([text, wanted, path = 'a.yaml']) => ({ text, wanted, path })))(
    'reads $text',
    ({ text, wanted, path }) => {
      const { reading, recipe } = read(text, path);
      expect(reading).toMatchObject({ trainer: 'generic', isGuess: true });
      expect(facts(recipe)).toEqual(wanted);
      expect(reading.findings.map(({ code }) => code)).toEqual(['guessed']);
      expect(recipe.assumed).toEqual({});
      expect(reading.notUnderstood.map(({ source }) => source)).toEqual(['no known trainer']);
    },
  );

  it.each(SILENT)('guesses nothing of %s', (text) => {
    const path = /^[[{]/.test(text) ? 'a.json' : 'a.yaml';
    const { isLora, recipes, findings } = readConfig(text, path);
    expect([isLora, recipes, findings.filter(({ code }) => code !== 'trainer-unknown')]).toEqual([false, [], []]);
  });

  it('is silent on a command without a learning rate', () => {
    const command = `${COMMAND} --lora_dropout 0`;
    expect(readConfig(command, 'a.sh').recipes).toEqual([]);
    expect(readConfig(`${command} --lr 1e-4`, 'a.sh').recipes).toHaveLength(1);
  });

  it.each(UNSURE)('takes nothing for sure in %s', (text, begins, blocks) => {
    const { reading } = read(text, text.startsWith('python') ? 'a.sh' : 'a.yaml');
    const messages = reading.findings.filter(({ code }) => code === 'guess-unsure').map(({ message }) => message);
    expect(messages.join('\n')).toContain(begins);
    const result = rewriteConfig(text, reading, 0, 64, 'symmetric');
    expect('refusal' in result && result.refusal.code).toBe(blocks && 'guess-unsure');
  });

  it.each(['scheduler: {min_lr: 0}', 'warmup_ratio: 0.1\nwarmup_steps: 0'])('has no doubt about %s', (line) => {
    const { reading } = read(`${TRAINED}${line}\n`);
    expect(reading.findings.map(({ code }) => code)).toEqual(['guessed']);
  });

  it('reads several blocks that share one rate, and moves all their alphas', () => {
    const text = 'unet: {lora: {rank: 16, alpha: 32}}\ntext: {lora: {rank: 8, alpha: 8}}\ntrain: {lr: 1e-4}\n';
    const { reading } = read(text);
    const read2 = reading.recipes.map(({ name, ...recipe }) => [name, ...facts(recipe as ReadRecipe)]);
    expect(read2).toEqual([
      ['lora', 16, 32, 1e-4],
      ['text.lora', 8, 8, 1e-4],
    ]);
    const result = rewriteConfig(text, reading, 1, 32, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    const wanted = text.replace('alpha: 32', 'alpha: 128').replace('alpha: 8}', 'alpha: 32}').replace('1e-4', '5e-5');
    expect(applyEdits(text, result.edits)).toBe(wanted);
  });

  it.each(TRAINS_MORE)('names what may train more: lora: {…%s} %s', (lora, more, sources) => {
    const { reading } = read(`lora: {rank: 8, alpha: 16${lora}}\nlr: 1e-4\n${more}`);
    expect(reading.notUnderstood.map(({ source }) => source)).toEqual([...sources, 'no known trainer']);
  });

  it.each([
    ...['name', 'type', '_target_', 'class_path'].map(
      (key) => `${HOME}optimizer: {lr: 0.1, ${key}: torch.optim.SGD}\n`,
    ),
    ...['name', 'type', '_target_'].map((key) => `${HOME}train: {optim: {lr: 0.1, ${key}: SGD}}\n`),
    `${TRAINED}optimizer_class: SGD\n`,
    `${TRAINED}opt: sgd\n`,
    `${COMMAND} --lr 0.1 --opt sgd`,
  ])('knows the optimizer of %s', (text) => {
    expect(read(text, text.startsWith('python') ? 'a.sh' : 'a.yaml').recipe.optimizer.row).toBe('sgd');
  });

  it('keeps an unresolved number unknown, and writes nothing then', () => {
    const text = `${COMMAND} --lr 1e-4 --weight_decay $DECAY`;
    const reading = readConfig(text, 'a.sh');
    expect(reading.recipes[0]?.unresolved).toEqual({ weightDecay: '$DECAY' });
    expect(rewriteConfig(text, reading, 0, 64, 'symmetric')).toHaveProperty('refusal');
  });

  it('says what it took for what, and what it did not find', () => {
    const { reading } = read('lora: {r: 8, alpha: 16}\noptimizer: {lr: 1e-4}\n');
    const [finding] = reading.findings;
    expect(finding).toMatchObject({ code: 'guessed', severity: 'info', line: 1 });
    expect(finding?.message).toContain(
      ': lora.r for the rank, lora.alpha for alpha, optimizer.lr for the learning rate.',
    );
    expect(finding?.message).toContain('Not found: the optimizer, weight decay, max grad norm, eps.');
  });

  it('writes only where a number stands', () => {
    const text = 'lora: {r: 8, alpha: 16} # small\nlr: 1e-4\n';
    const result = rewriteConfig(text, read(text).reading, 0, 64, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    expect(applyEdits(text, result.edits)).toBe('lora: {r: 8, alpha: 64} # small\nlr: 5e-5\n');
  });

  it('leaves files to the trainers that are known', () => {
    const reading = readConfig('stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\n', 'a.yaml');
    expect(reading.trainer).toBe('llamafactory');
    expect(reading.isGuess).toBeUndefined();
  });
});
