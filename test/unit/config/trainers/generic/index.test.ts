import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';
import type { Reading, ReadRecipe } from '../../../../../src/config/reading';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { applyEdits } from '../../../../../src/config/write/edits';

function read(text: string, path = 'a.yaml'): { reading: Reading; recipe: ReadRecipe } {
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

const READ: readonly (readonly [text: string, wanted: unknown[], path?: string])[] = [
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
    '{"loraConfig": {"loraRank": 8, "loraAlpha": 16}, "trainer": {"learningRate": 1e-4, "weightDecay": 0}}',
    [8, 16, 1e-4, 0],
    'a.json',
  ],
  ['{"stages": [{"name": "sft", "lora": {"r": 8, "alpha": 16}, "lr": 1e-4}]}', [8, 16, 1e-4], 'a.json'],
  ['{"lora": {"rank": 8, "alpha": 16}}', [8, 16], 'a.json'],
  ['[lora]\nr = 8\nalpha = 16\n[optimizer]\nlr = 1e-4\nweight_decay = 0.1\n', [8, 16, 1e-4, 0.1], 'a.toml'],
  ['lora = { rank = 4, alpha = 4 }\nlr = 1e-3\n', [4, 4, 1e-3], 'a.toml'],
  ['train.lora.rank = 4\ntrain.lora.alpha = 8\ntrain.lr = 1e-3\n', [4, 8, 1e-3], 'a.toml'],
  ['LORA_R: 8\nLORA_ALPHA: 16\nLR: 1e-4\nWEIGHT_DECAY: 0.01\n', [8, 16, 1e-4, 0.01]],
  ['peft: {r: 8, lora_alpha: 16}\noptim: {lr: 1e-4}\n', [8, 16, 1e-4]],
  ['a: {b: {qlora_config: {r: 64, alpha: 16}}}\nhyperparameters: {lr: 2e-4}\n', [64, 16, 2e-4]],
  ['lora: {rank: 16, alpha: "${lora.rank}"}\noptim: {lr: 1e-4}\n', [16, 16, 1e-4]],
  [`${HOME}lr: 1e-4\ndiscriminator: {lr: 4e-4}\nteacher: {lr: 1}\n`, [8, 16, 1e-4]],
  [`${HOME}optimizer: {type: rmsprop, lr: 1e-3, alpha: 0.99}\nhead: {cpo_alpha: 1}\n`, [8, 16, 1e-3]],
  [
    `${HOME}optimizer: {params: {lr: 5e-4, beta1: 0.9, beta2: 0.99, eps: 1e-7}}\n`,
    [8, 16, 5e-4, null, null, 1e-7, [0.9, 0.99]],
  ],
  [`${HOME}lr: 1e-4\nadam_beta2: 0.9\n`, [8, 16, 1e-4]],
  // A decay around the rate, and in a block of the training.
  [`${HOME}optimizer: {lr: 1e-4}\nweight_decay: 0.3\n`, [8, 16, 1e-4, 0.3]],
  [`${HOME}optimizer: {lr: 1e-4}\ntraining: {weight_decay: 0.3}\n`, [8, 16, 1e-4, 0.3]],
  // A method of another section is no method of the block.
  [`${HOME}training: {training_type: sft}\n`, [8, 16]],
];

/** Files of other kinds that speak of LoRA or LoRa, of a rank, of an alpha, or of all of them. */
const SILENT: readonly string[] = [
  // No rank and alpha of LoRA: servers, workflows, models, schemas, other low ranks, radio, colours, statistics.
  'kind: Deployment\nmetadata: {name: lora, labels: {track: alpha, rank: "1"}}\nargs: [--enable-lora, "16"]\n',
  'services: {trainer: {image: "lora:alpha", environment: {LORA_RANK: "16", TRACK: alpha}}}\n',
  'name: lora\njobs: {test: {strategy: {matrix: {rank: [8, 16], alpha: [16, 32]}}}}\n',
  '{"rules": {"lora/alpha": 2, "sort-keys": [2, "asc"]}, "settings": {"r": 1}}',
  '{"model_type": "deepseek_v3", "kv_lora_rank": 512, "q_lora_rank": 1536, "alpha": 1.0}',
  'enable_lora: true\nmax_lora_rank: 64\nrope_scaling: {alpha: 4}\n',
  '{"lora": {"properties": {"rank": {"type": "integer", "default": 8}, "alpha": {"type": "number"}}}}',
  '# lora\nhead: {rank: 16}\nloss: {alpha: 0.25, gamma: 2.0}\n',
  '# compare with lora\ndecomposition: {rank: 12, alpha: 0.1}\n',
  '# lora\nppo: {rank: 4, alpha: 0.99}\nlr: 3e-4\n',
  '# lora\nadapter: {type: lora, rank: 8, alpha: 16}\nlr: 1e-4\n',
  'lora: {frequency: 868100000, spreading_factor: 7, bandwidth: 125, r: 3, alpha: 0.5}\n',
  'lora: {rank: 1, dev_eui: "0011", alpha: 0.9}\n',
  'font: Lora\nink: {r: 10, g: 20, b: 30, alpha: 1}\n',
  '[{"title": "LoRA", "rank": 1, "alpha": 0.9}, {"title": "DoRA", "rank": 2, "alpha": 0.8}]',
  'lora: {tests: {r: 12, alpha: 0.05, n_components: 3}}\n',
  'lora: {rank: the size of the bottleneck, alpha: what the product is scaled by}\n',
  'lora_r: 0\nlora_alpha: 16\nlr: 1e-4\n',
  'lora: {rank: 16}\nmixup_alpha: 0.2\n',
  '{"lora": {"alpha": 16}, "lr": 1e-4}',
  'lora: {rank: 8, alpha: [\n',
  '{"q": "Which parameters of flora have distributions?", "a": "alpha"}\n{"q": "search_space", "a": "r"}\n',
  // LoRA is off.
  'is_peft: false\nlora_r: 16\nlora_alpha: 32\nlr: 1e-4\n',
  'is_peft: false\npeft: {lora_r: 16, lora_alpha: 32}\nlr: 1e-4\n',
  'lora: {enabled: false, rank: 16, alpha: 32}\nlr: 1e-4\n',
  `use_lora: false\n${HOME}`,
  `model: {use_lora: false}\n${HOME}`,
  `no_lora: true\n${HOME}`,
  // All weights train.
  'base_model: m\nadapter:\nlora_r: 16\nlora_alpha: 32\nlr: 2e-5\n',
  `train_type: full\n${HOME}`,
  `train_mode: full\n${HOME}`,
  `training: {training_type: full_finetuning}\n${HOME}`,
  // Another adapter.
  'adapter: {type: lokr, lora_rank: 16, lora_alpha: 32}\n',
  'adalora: {r: 8, lora_alpha: 16}\n',
  'loha: {lora_rank: 8, lora_alpha: 4}\n',
  'peft_config: {peft_type: GRALORA, r: 32, alpha: 64}\nlr: 1e-4\n',
  'peft_method: AdaLoRA\npeft: {r: 8, lora_alpha: 16}\n',
  'peft_method: Ada-LoRA\npeft: {r: 8, lora_alpha: 16}\n',
  `finetuning_type: lora\n${HOME}`,
  // What a run writes down of itself, and a use of a model.
  '{"lora_r": 16, "lora_alpha": 32, "learning_rate": 1e-4, "final_loss": 0.31, "wall_time": 33}',
  '{"config": {"lora_r": 16, "lora_alpha": 32, "lr": 1e-4}, "created_at": "2026-01-01"}',
  `mode: test\n${HOME}`,
  `eval_only: true\n${HOME}`,
  // Several blocks, or an unclear one.
  'lora_r: 8\nlora_rank: 16\nlora_alpha: 16\nlr: 1e-4\n',
  '{"lora_r": 16, "lora_alpha": 32, "lora_text_encoder_alpha": 8, "lr": 1e-4}',
  'a: {lora: {r: 8, rank: 4, alpha: 8}}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
  'lora: {unet: {rank: 8, alpha: 8}, text: {rank: 4, alpha: 4}}\nlr: 1e-4\n',
  'a: {lora: {r: 8, alpha: 8}, lr: 1e-4}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
  `${HOME}optimizer_config: {r: 4, alpha: 8, lr: 1e-4}\n`,
];

/** Commands that train no LoRA: after `python`, before their flags of LoRA. */
const SILENT_COMMANDS: readonly (readonly [program: string, more: string])[] = [
  ['my.py', ''],
  ['my.py', '--lr 0'],
  ['eval_lora.py', '--lr 1e-4'],
  ['my.py', '--lr 1e-4 --do_train false'],
  ['my.py', '--lr 1e-4 --do_eval'],
];

/** Files with keys that are not read: how the warning begins, and whether it keeps from writing. */
const UNSURE: readonly (readonly [text: string, begins: string, blocks: boolean])[] = [
  [`${HOME}training: {lr: 1e-4}\nfinetune: {lr: 2e-4}\n`, 'training.lr and finetune.lr may be the learning rate', true],
  ['stage: {lora: {r: 8, alpha: 16}, lr: 1e-4}\nlr: 9\n', 'lr and stage.lr may be the learning rate', true],
  [`${HOME}optimizer: {lr: 1e-4}\nhead: {weight_decay: 0.3}\n`, 'head.weight_decay may be the weight decay', true],
  [`${HOME}lr: 1e-4\noptim: adamw\noptimizer_type: sgd\n`, 'optim and optimizer_type may be the optimizer', true],
  ['a: {lora: {r: 8, alpha: 16}, lr: 1}\nhead: {lr: 1, grad_clip: 5}\n', 'head.grad_clip may be max grad norm', true],
  [`${HOME}lr: 1e-4\nstages: [{lr: 1e-5}]\n`, 'stages[0].lr may be the learning rate', true],
  [`${HOME}lr: 1e-4\nunet_lr: 1e-5\nmin_lr: 1e-6\n`, 'unet_lr and min_lr may be', false],
  [`${HOME}lr: 1e-4\nscheduler: {name: cosine, min_lr: 1e-5}\n`, 'scheduler.min_lr may be', false],
  [`${HOME}lr: 1e-4\ntrain: {lr_scheduler: {eta_min: 1e-5}}\n`, 'train.lr_scheduler.eta_min may be', false],
  ['lora: {r: 8, alpha: 16, dropout: 0, lora_dropout: 0.1}\nlr: 1e-4\n', 'lora.dropout and', false],
  // One block, which an anchor repeats where it is used.
  [
    'lora: &x {rank: 16, alpha: 1}\na: {lora: *x, optim: {lr: 1}}\nb: {lora: *x, optim: {lr: 2}}\n',
    'a.optim.lr and',
    true,
  ],
];

/** What may train more than A and B, or begin from trained factors. */
const TRAINS_MORE: readonly (readonly [lora: string, more: string, sources: readonly string[]])[] = [
  [', bias: all', '', ['bias: all']],
  [', bias: none, task_type: CAUSAL_LM, init_lora_weights: true', '', []],
  [', task_type: SEQ_CLS', '', ['task_type: SEQ_CLS']],
  [', lora_unfreeze_layers: [embed]', '', ['lora_unfreeze_layers: [embed]']],
  ['', 'train_embeddings: true\n', ['train_embeddings: true']],
  ['', 'train_embeddings: false\nresume: null\nresume_from_checkpoint: ""\n', []],
  ['', 'resume_from_checkpoint: out/last\n', ['resume_from_checkpoint: out/last']],
  ['', 'pretrained_adapter_path: out\n', ['pretrained_adapter_path: out']],
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

  it.each(SILENT)('is silent on %s', (text) => {
    const path = /^[[{]/.test(text) ? 'a.json' : 'a.yaml';
    expect(readConfig(text, path)).toMatchObject({ isLora: false, recipes: [], findings: [] });
  });

  it.each(SILENT_COMMANDS)('is silent on the command %s %s', (program, more) => {
    expect(readConfig(`python ${program} --lora_r 8 --lora_alpha 16 ${more}`, 'a.sh').recipes).toEqual([]);
    expect(readConfig('python my.py --lora_r 8 --lora_alpha 16 --lr 1e-4', 'a.sh').recipes).toHaveLength(1);
  });

  it.each(UNSURE)('takes nothing for sure in %s', (text, begins, blocks) => {
    const { reading } = read(text);
    const messages = reading.findings.filter(({ code }) => code === 'guess-unsure').map(({ message }) => message);
    expect(messages.join('\n')).toContain(begins);
    const result = rewriteConfig(text, reading, 0, 64, 'symmetric');
    expect('refusal' in result && result.refusal.code).toBe(blocks && 'guess-unsure');
  });

  it.each(['scheduler: {min_lr: 0}', 'warmup_ratio: 0.1\nwarmup_steps: 0', 'critic: {lr: 1e-3}'])(
    'has no doubt about %s',
    (line) => {
      const { reading } = read(`${HOME}lr: 1e-4\n${line}\n`);
      expect(reading.findings.map(({ code }) => code)).toEqual(['guessed']);
    },
  );

  it.each(TRAINS_MORE)('names what may train more: lora: {…%s} %s', (lora, more, sources) => {
    const { reading } = read(`lora: {rank: 8, alpha: 16${lora}}\nlr: 1e-4\n${more}`);
    expect(reading.notUnderstood.map(({ source }) => source)).toEqual([...sources, 'no known trainer']);
  });

  it.each(['name: SGD', '_target_: torch.optim.SGD', 'target: SGD', 'class_path: torch.optim.SGD'])(
    'knows the optimizer by its block: {%s}',
    (line) => {
      expect(read(`${HOME}optim: {lr: 1e-4, ${line}}\n`).recipe.optimizer.row).toBe('sgd');
    },
  );

  it('keeps an unresolved number unknown, and writes nothing then', () => {
    const text = 'python my.py --lora_r 8 --lora_alpha 16 --lr 1e-4 --weight_decay $DECAY';
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
    expect(finding?.message).toContain("Not found: the optimizer, the weight decay, max grad norm, Adam's eps.");
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
