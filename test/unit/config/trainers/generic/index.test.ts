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
    'lora: {rank: 8, alpha: 8}\noptimizer:\n  params: {lr: 5e-4, beta1: 0.9, beta2: 0.99, eps: 1e-7}\nnoise: {beta_start: 0.001, beta1: 7}\n',
    [8, 8, 5e-4, NONE, NONE, 1e-7, [0.9, 0.99]],
  ],
  [
    'a block within a list',
    'k.json',
    '{"stages": [{"name": "sft", "lora": {"r": 8, "alpha": 16}, "lr": 1e-4}], "lr": 9}',
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

describe('home-made configs', () => {
  it.each(POSITIVES)('reads %s', (_, path, text, wanted) => {
    const { reading, recipe } = read(path, text);
    expect(reading).toMatchObject({ trainer: 'generic', isGuess: true });
    expect(facts(recipe)).toEqual(wanted);
    expect(codes(reading)).toContain('guessed');
    expect(recipe.assumed).toEqual({});
  });

  it.each(Object.entries(NEGATIVES))('is silent on %s', (_, { path, text }) => {
    expect(readConfig(text, path)).toMatchObject({ isLora: false, recipes: [], findings: [] });
  });

  it('takes another word beside it, or a method of its own, for no other method', () => {
    const block = 'lora:\n  r: 8\n  alpha: 16\n';
    const isRead = (text: string): boolean => readConfig(text, 'own.yaml').isLora;
    expect(isRead(`training:\n  training_type: sft\n${block}`)).toBe(true);
    expect(isRead(`training:\n  training_type: full_finetuning\n${block}`)).toBe(false);
    expect(isRead(`full:\n  method: full\n  training_type: full\n${block}  training_type: lora\n`)).toBe(true);
  });

  it('has enough of both to mean something', () => {
    expect(POSITIVES.length).toBeGreaterThanOrEqual(15);
    expect(Object.keys(NEGATIVES).length).toBeGreaterThanOrEqual(25);
  });

  it('says what it took for what, where it stands, and what it did not find', () => {
    const { reading } = read('d.toml', '[lora]\nr = 8\nalpha = 16\n[optimizer]\nlr = 1e-4\n');
    const [finding] = reading.findings;
    expect(finding).toMatchObject({ code: 'guessed', severity: 'info', line: 3 });
    expect(finding?.message).toContain(
      'lora.r for the rank, lora.alpha for alpha, optimizer.lr for the learning rate. They stand under lora, or near it.',
    );
    expect(finding?.message).toContain("Not found: the optimizer, the weight decay, the clip threshold, Adam's eps;");
  });

  it('takes a decay that stands apart from the rate for no decay of the run', () => {
    const lora = 'lora: {r: 8, alpha: 16}\noptimizer: {lr: 1e-4}\n';
    const { reading, recipe } = read('own.yaml', `${lora}head: {weight_decay: 0.3}\n`);
    expect(recipe.optimizer.weightDecay).toBeNull();
    expect(reading.findings.find(({ code }) => code === 'guess-unsure')?.message).toContain(
      'head.weight_decay stands in another block than the learning rate',
    );
    for (const near of ['weight_decay: 0.3', 'training: {weight_decay: 0.3}', 'optim: {weight_decay: 0.3}']) {
      expect(read('own.yaml', `${lora}${near}\n`).recipe.optimizer.weightDecay).toBe(0.3);
    }
  });

  it('warns of no warm-up that stands in steps and as a share', () => {
    const { reading } = read('own.yaml', 'lora: {r: 8, alpha: 16}\nlr: 1e-4\nwarmup_ratio: 0.1\nwarmup_steps: 0\n');
    expect(codes(reading)).not.toContain('guess-unsure');
  });

  it('takes none of two that could be meant, and writes no half of a plan', () => {
    const text = 'lora: {r: 8, alpha: 16}\ntraining: {lr: 1e-4}\nfinetune: {lr: 2e-4, weight_decay: 0.1}\n';
    const { reading, recipe } = read('a.yaml', text);
    expect(recipe.learningRate).toBeNull();
    const unsure = reading.findings.find(({ code }) => code === 'guess-unsure');
    expect(unsure?.message).toContain('training.lr and finetune.lr could each be the learning rate');
    expect(rewriteConfig(text, reading, 0, 64, 'symmetric')).toMatchObject({ refusal: { code: 'guess-unsure' } });
  });

  it('has no recipe where two keys could be the rank', () => {
    const reading = readConfig('lora_r: 8\nlora_rank: 16\nlora_alpha: 16\n', 'a.yaml');
    expect(reading).toMatchObject({ isLora: true, recipes: [] });
    expect(codes(reading)).toEqual(expect.arrayContaining(['guess-unsure', 'rank-missing']));
  });

  it('makes networks of blocks with one rate, and runs of blocks with rates of their own', () => {
    const one = read('a.yaml', 'lora: {unet: {rank: 8, alpha: 8}, text: {rank: 4, alpha: 4}}\nlr: 1e-4\n').reading;
    expect(one.recipes.map(({ name, run }) => [name, run])).toEqual([
      ['lora.unet', undefined],
      ['lora.text', undefined],
    ]);
    const two = read(
      'a.yaml',
      'a: {lora: {r: 8, alpha: 8}, lr: 1e-4}\nb: {lora: {r: 4, alpha: 4}, lr: 1e-5}\n',
    ).reading;
    expect(two.recipes.map(({ run, learningRate }) => [run, learningRate])).toEqual([
      ['a.lora', 1e-4],
      ['b.lora', 1e-5],
    ]);
  });

  it('reads a block once where an anchor repeats it, and does not write over it', () => {
    const text = `lora: &shared {rank: 16, alpha: 1}
unet: {lora: *shared, optimizer: {lr: 5e-4}}
text: {lora: *shared, optimizer: {lr: 5e-3}}
`;
    const { reading } = read('a.yaml', text);
    expect(reading.recipes.map(({ learningRate }) => learningRate)).toEqual([5e-4, 5e-3]);
    expect(rewriteConfig(text, reading, 0, 4, 'symmetric')).toMatchObject({ refusal: { code: 'yaml-shared' } });
  });

  it('names rates that it leaves alone', () => {
    const { reading } = read('a.yaml', 'lora: {r: 8, alpha: 16}\nlr: 1e-4\nunet_lr: 1e-5\nmin_lr: 1e-6\n');
    expect(reading.findings.find(({ code }) => code === 'guess-other-rates')?.message).toMatch(/^unet_lr, min_lr:/);
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

describe('what a home-made config holds beside its numbers', () => {
  const HOME = 'optim: {name: adamw, lr: 1.0e-4, weight_decay: 0.0, eps: 1.0e-8}\nmax_grad_norm: 0\n';
  const unread = (lora: string, more = ''): string[] =>
    readConfig(`lora: {rank: 8, alpha: 16${lora}}\n${HOME}${more}`, 'a.yaml').notUnderstood.map(({ source }) => source);

  it.each([
    ['', '', []],
    [', bias: all', '', ['bias: all']],
    [', bias: none, task_type: CAUSAL_LM, init_lora_weights: true', '', []],
    [', task_type: SEQ_CLS', '', ['task_type: SEQ_CLS']],
    [', lora_unfreeze_layers: [embed]', '', ['lora_unfreeze_layers: [embed]']],
    ['', 'train_embeddings: true\n', ['train_embeddings: true']],
    ['', 'train_embeddings: false\nresume: null\nresume_from_checkpoint: ""\n', []],
    ['', 'resume_from_checkpoint: out/last\n', ['resume_from_checkpoint: out/last']],
    ['', 'pretrained_adapter_path: out\n', ['pretrained_adapter_path: out']],
  ])('is named where it trains more, or begins from trained factors: %s %s', (lora, more, sources) => {
    // The program is unknown too.
    expect(unread(lora, more)).toEqual([...sources, 'no known trainer']);
  });

  it.each([
    ['scheduler: {name: cosine, min_lr: 1.0e-5}', 'scheduler.min_lr'],
    ['train: {lr_scheduler: {eta_min: 1.0e-5}}', 'train.lr_scheduler.eta_min'],
    ['scheduler: {name: onecycle, max_lr: 1.0e-3}', 'scheduler.max_lr'],
    ['scheduler: {name: cosine, min_lr: 0.0}', null],
  ])('is a rate of the schedule that does not move: %s', (line, label) => {
    const { findings } = readConfig(`lora: {rank: 8, alpha: 16}\n${HOME}${line}\n`, 'a.yaml');
    const found = findings.find(({ code }) => code === 'guess-other-rates')?.message;
    if (label === null) expect(found).toBeUndefined();
    else expect(found).toContain(label);
  });
});
