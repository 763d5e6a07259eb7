import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { readConfig } from '../../../../../src/config/read';
import type { Reading, ReadRecipe } from '../../../../../src/config/reading';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { NEGATIVES } from '../generic-negatives';

/** What is read in a home-made config: rank, alpha, rate, decay, clip, eps, betas. */
const facts = ({ rank, alpha, learningRate, maxGradNorm, optimizer }: ReadRecipe): unknown[] => [
  rank,
  alpha,
  learningRate,
  optimizer.weightDecay,
  maxGradNorm,
  optimizer.eps,
  optimizer.betas,
];

const NONE = null;

const POSITIVES: readonly (readonly [name: string, path: string, text: string, wanted: unknown[]])[] = [
  [
    'blocks of model and training',
    'a.yaml',
    `model:
  lora: {rank: 16, alpha: 32, dropout: 0.05}
train:
  optimizer: {name: AdamW, lr: 3e-4, weight_decay: 0.01, betas: [0.9, 0.95], eps: 1e-8}
  grad_clip: 1.0
  scheduler: {name: cosine, lr: 1e-6}
loss: {alpha: 0.25}
dpo: {beta: 0.1, label_smoothing: 0.0}
`,
    [16, 32, 3e-4, 0.01, 1, 1e-8, [0.9, 0.95]],
  ],
  [
    'flat JSON with texts for numbers',
    'b.json',
    '{"lora_r": "8", "lora_alpha": 16, "learning_rate": "2e-4", "max_grad_norm": 0.3, "beta": 0.1, "epsilon": 0.2}',
    [8, 16, 2e-4, NONE, 0.3, NONE, NONE],
  ],
  [
    "PEFT's names in a block",
    'c.yaml',
    'peft:\n  r: 8\n  lora_alpha: 16\noptim:\n  lr: 1e-4\n',
    [8, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'tables of TOML',
    'd.toml',
    '[lora]\nr = 8\nalpha = 16\n[optimizer]\nlr = 1e-4\nweight_decay = 0.1\n[scheduler]\nlr = 1e-5\n',
    [8, 16, 1e-4, 0.1, NONE, NONE, NONE],
  ],
  [
    'an inline table of TOML',
    'e.toml',
    'lora = { rank = 4, alpha = 4 }\nlr = 1e-3\n',
    [4, 4, 1e-3, NONE, NONE, NONE, NONE],
  ],
  [
    'dotted keys of TOML',
    'f.toml',
    'train.lora.rank = 4\ntrain.lora.alpha = 8\ntrain.lr = 1e-3\n',
    [4, 8, 1e-3, NONE, NONE, NONE, NONE],
  ],
  [
    'camel case',
    'g.json',
    '{"loraConfig": {"loraRank": 8, "loraAlpha": 16}, "trainer": {"learningRate": 1e-4, "weightDecay": 0}}',
    [8, 16, 1e-4, 0, NONE, NONE, NONE],
  ],
  [
    'a kind beside the numbers',
    'h.yaml',
    'adapter:\n  type: lora\n  rank: 8\n  alpha: 16\nlr: 1e-4\n',
    [8, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'target modules beside the numbers',
    'i.yaml',
    '# lora\nfinetune:\n  r: 8\n  alpha: 16\n  target_modules: [q, v]\n  lr: 1e-4\n',
    [8, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'two betas beside the rate',
    'j.yaml',
    'lora: {rank: 8, alpha: 8}\noptimizer:\n  params: {lr: 5e-4, beta1: 0.9, beta2: 0.99, eps: 1e-7}\nnoise: {beta_start: 0.001}\n',
    [8, 8, 5e-4, NONE, NONE, 1e-7, [0.9, 0.99]],
  ],
  [
    'a block within a list',
    'k.json',
    '{"stages": [{"name": "sft", "lora": {"r": 8, "alpha": 16}, "lr": 1e-4}]}',
    [8, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    "Hydra's references",
    'l.yaml',
    'lora:\n  rank: 16\n  alpha: ${lora.rank}\noptim:\n  _target_: torch.optim.AdamW\n  lr: 1e-4\n',
    [16, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'another model with a rate',
    'm.yaml',
    'lora: {rank: 8, alpha: 16}\nlr: 1e-4\ndiscriminator: {lr: 4e-4}\nteacher: {lr: 1}\n',
    [8, 16, 1e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'an optimizer with an alpha of its own',
    'n.yaml',
    'lora: {rank: 8, alpha: 16}\noptimizer: {type: rmsprop, lr: 1e-3, alpha: 0.99}\nhead: {cpo_alpha: 1}\n',
    [8, 16, 1e-3, NONE, NONE, NONE, NONE],
  ],
  [
    'a deep block and a far rate',
    'o.yaml',
    'a:\n  b:\n    qlora_config:\n      r: 64\n      alpha: 16\nhyperparameters:\n  lr: 2e-4\n',
    [64, 16, 2e-4, NONE, NONE, NONE, NONE],
  ],
  [
    'words in capitals',
    'p.yaml',
    'LORA_R: 8\nLORA_ALPHA: 16\nLR: 1e-4\nWEIGHT_DECAY: 0.01\n',
    [8, 16, 1e-4, 0.01, NONE, NONE, NONE],
  ],
  ['no rate at all', 'q.json', '{"lora": {"rank": 8, "alpha": 16}}', [8, 16, NONE, NONE, NONE, NONE, NONE]],
];

function read(path: string, text: string): { reading: Reading; recipe: ReadRecipe } {
  const reading = readConfig(text, path);
  const [recipe] = reading.recipes;
  if (!recipe) throw new Error(JSON.stringify(reading.findings));
  return { reading, recipe };
}

const codes = ({ findings }: Reading): string[] => findings.map(({ code }) => code);

const HOME = 'lora: {r: 8, alpha: 16}\n';
/** Files with something that is not taken: the finding, how it begins, and whether it keeps from writing. */
const DOUBTS: readonly (readonly [name: string, text: string, code: string, begins: string, blocks: boolean])[] = [
  [
    'two rates',
    `${HOME}training: {lr: 1e-4}\nfinetune: {lr: 2e-4, weight_decay: 0.1}\n`,
    'guess-unsure',
    'training.lr and finetune.lr could each be the learning rate',
    true,
  ],
  [
    'a rate in the block and another around it',
    'stage: {lora: {r: 8, alpha: 16}, lr: 1e-4}\nlr: 9\n',
    'guess-unsure',
    'lr and stage.lr could each be the learning rate',
    true,
  ],
  [
    'a decay apart from the rate',
    `${HOME}optimizer: {lr: 1e-4}\nhead: {weight_decay: 0.3}\n`,
    'guess-unsure',
    'head.weight_decay is in another block than the learning rate',
    true,
  ],
  [
    'two optimizers',
    `${HOME}lr: 1e-4\noptim: adamw\noptimizer_type: sgd\n`,
    'guess-unsure',
    'optim and optimizer_type could each be the optimizer',
    true,
  ],
  [
    'two dropouts',
    `lora: {r: 8, alpha: 16, dropout: 0, lora_dropout: 0.1}\nlr: 1e-4\n`,
    'guess-unsure',
    'lora.dropout and',
    false,
  ],
  [
    'another clip beside two rates',
    'a: {lora: {r: 8, alpha: 16}, lr: 1e-4}\nhead: {lr: 1e-3, grad_clip: 0.5}\n',
    'guess-unsure',
    'head.grad_clip is in another block than the learning rate',
    true,
  ],
  [
    'the rate of another stage',
    `${HOME}lr: 1e-4\nstages: [{lr: 1e-5}]\n`,
    'guess-other-rates',
    'stages[0].lr: further learning rates',
    true,
  ],
  [
    'rates of other parts and floors',
    `${HOME}lr: 1e-4\nunet_lr: 1e-5\nmin_lr: 1e-6\n`,
    'guess-other-rates',
    'unet_lr and min_lr: further learning rates',
    false,
  ],
  ...['scheduler: {name: cosine, min_lr: 1e-5}', 'train: {lr_scheduler: {eta_min: 1e-5}}', 'sched: {max_lr: 1e-3}'].map(
    (line) => [line, `${HOME}lr: 1e-4\n${line}\n`, 'guess-other-rates', '', false] as const,
  ),
];

/** What may train more than A and B, or begin from trained factors. */
const BESIDE: readonly (readonly [lora: string, more: string, sources: readonly string[]])[] = [
  ['', '', []],
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
  it.each(POSITIVES)('reads %s', (_, path, text, wanted) => {
    const { reading, recipe } = read(path, text);
    expect(reading).toMatchObject({ trainer: 'generic', isGuess: true });
    expect(facts(recipe)).toEqual(wanted);
    expect(codes(reading)).toContain('guessed');
    expect(recipe.assumed).toEqual({});
    expect(reading.notUnderstood.map(({ source }) => source)).toEqual(['no known trainer']);
  });

  it.each(Object.entries(NEGATIVES))('is silent on %s', (_, { path, text }) => {
    expect(readConfig(text, path)).toMatchObject({ isLora: false, recipes: [], findings: [] });
  });

  it.each(DOUBTS)('takes nothing for sure: %s', (_, text, code, begins, blocks) => {
    const { reading } = read('a.yaml', text);
    const messages = reading.findings.filter((one) => one.code === code).map(({ message }) => message);
    expect(messages.join('\n')).toContain(begins);
    expect(messages).not.toEqual([]);
    const refusal = rewriteConfig(text, reading, 0, 64, 'symmetric');
    if (blocks) expect(refusal).toMatchObject({ refusal: { code } });
    else expect(refusal).toHaveProperty('edits');
  });

  it.each(['scheduler: {min_lr: 0}', 'warmup_ratio: 0.1\nwarmup_steps: 0', 'critic: {lr: 1e-3}'])(
    'has no doubt about %s',
    (line) => {
      expect(codes(read('a.yaml', `${HOME}lr: 1e-4\n${line}\n`).reading)).toEqual(['guessed']);
    },
  );

  it.each(BESIDE)('names what may train more: lora: {…%s} %s', (lora, more, sources) => {
    const { reading } = read('a.yaml', `lora: {rank: 8, alpha: 16${lora}}\nlr: 1e-4\n${more}`);
    // The program is unknown too.
    expect(reading.notUnderstood.map(({ source }) => source)).toEqual([...sources, 'no known trainer']);
  });

  it.each(['weight_decay: 0.3', 'training: {weight_decay: 0.3}', 'optim: {weight_decay: 0.3}'])(
    'takes a decay around the rate, or in a block of the optimizer or the training: %s',
    (near) => {
      const text = `${HOME}optimizer: {lr: 1e-4}\n${near}\n`;
      expect(read('own.yaml', text).recipe.optimizer.weightDecay).toBe(0.3);
    },
  );

  it('takes the method of a section that is not around the block for no method of the block', () => {
    const isRead = (type: string): boolean =>
      readConfig(`training:\n  training_type: ${type}\nlora: {r: 8, alpha: 16}\n`, 'own.yaml').isLora;
    expect(isRead('sft')).toBe(true);
    expect(isRead('full_finetuning')).toBe(false);
  });

  it('says what it took for what, where it stands, and what it did not find', () => {
    const { reading } = read('d.toml', '[lora]\nr = 8\nalpha = 16\n[optimizer]\nlr = 1e-4\n');
    const [finding] = reading.findings;
    expect(finding).toMatchObject({ code: 'guessed', severity: 'info', line: 3 });
    expect(finding?.message).toContain(
      'lora.r for the rank, lora.alpha for alpha, optimizer.lr for the learning rate. They are under lora, or near it.',
    );
    expect(finding?.message).toContain("Not found: the optimizer, the weight decay, the clip threshold, Adam's eps.");
  });

  it('reads a block that an anchor repeats where it is used, and takes none of its two rates', () => {
    const text = `lora: &shared {rank: 16, alpha: 1}
unet: {lora: *shared, optimizer: {lr: 5e-4}}
text: {lora: *shared, optimizer: {lr: 5e-3}}
`;
    const { reading, recipe } = read('a.yaml', text);
    expect(facts(recipe).slice(0, 3)).toEqual([16, 1, null]);
    expect(rewriteConfig(text, reading, 0, 4, 'symmetric')).toMatchObject({ refusal: { code: 'guess-unsure' } });
  });

  it('writes only where a number stands', () => {
    const text = 'lora: {r: 8, alpha: 16} # small\nlr: 1e-4\n';
    const { reading } = read('a.yaml', text);
    const result = rewriteConfig(text, reading, 0, 64, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    expect(applyEdits(text, result.edits)).toBe('lora: {r: 8, alpha: 64} # small\nlr: 5e-5\n');
  });

  it('leaves files to the trainers that are known', () => {
    const text = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\n';
    expect(readConfig(text, 'a.yaml')).toMatchObject({ trainer: 'llamafactory' });
    expect(readConfig(text, 'a.yaml').isGuess).toBeUndefined();
  });
});
