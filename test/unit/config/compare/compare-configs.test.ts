import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareConfigs } from '../../../../src/config/compare/compare-configs';
import { configRecipe, type ConfigRecipe } from '../../../../src/config/plan/as-trained';
import { writeWay, type WayWriting } from '../../../../src/extension/comparison/write-way';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import { summaryOf } from '../../../../src/scan/summary';

function axolotl(lines: Readonly<Record<string, string>>): string {
  const all = {
    base_model: 'some/model',
    adapter: 'lora',
    lora_r: '16',
    lora_alpha: '16',
    optimizer: 'adamw_torch',
    learning_rate: '2e-4',
    weight_decay: '0.0',
    lr_scheduler: 'cosine',
    ...lines,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

function recipe(text: string, path = 'x.yml', index = 0): ConfigRecipe {
  const found = configRecipe(text, readConfig(text, path), index);
  if (!found) throw new Error(`no recipe in ${text}`);
  return found;
}

function write(first: string, second: string, id: 'alpha' | 'numbers' | 'init'): WayWriting {
  const [a, b] = [recipe(first), recipe(second)];
  const way = compareConfigs(a, b).ways.find(({ way }) => way.id === id);
  if (!way) throw new Error(`there is no way "${id}"`);
  return writeWay(a, b, way, 'x.yml');
}

function edited(text: string, writing: WayWriting): string {
  if ('refusal' in writing) throw new Error(writing.refusal.message);
  return applyEdits(text, writing.edits);
}

describe('writeWay', () => {
  const base = axolotl({});

  it('takes the first’s alpha where that alone differs, and touches nothing else', () => {
    const other = axolotl({ lora_alpha: '64  # house rule' });
    const writing = write(base, other, 'alpha');
    expect(edited(other, writing)).toBe(axolotl({ lora_alpha: '16  # house rule' }));
    expect(writing).toMatchObject({ written: ['lora_alpha'], code: null });
  });

  it('keeps the alpha and divides rate and init by the root of 4, with the code for the init', () => {
    const other = axolotl({ lora_alpha: '64' });
    const writing = write(base, other, 'init');
    const text = edited(other, writing);
    expect(text).toContain('lora_alpha: 64\n');
    expect(text).toMatch(/learning_rate: 1(\.0)?e-4\n/);
    expect(text).toContain('max_grad_norm: 2');
    expect('code' in writing && writing.code).toMatch(/div_\(2/);
    const after = compareConfigs(recipe(base), recipe(text));
    const differing = after.rows.filter(({ same }) => same === false).map(({ key }) => key);
    expect(differing.length).toBeGreaterThan(0);
    expect(after.ways.find(({ way }) => way.id === 'init')?.changes.map(({ key }) => key)).toEqual(['init of A']);
  });

  it('leaves words to their owner', () => {
    const other = axolotl({ lora_alpha: '32', lr_scheduler: 'linear' });
    expect(edited(other, write(base, other, 'alpha'))).toBe(axolotl({ lr_scheduler: 'linear' }));
  });

  it('writes nothing where words are all there is', () => {
    const other = axolotl({ lr_scheduler: 'linear' });
    expect(write(base, other, 'numbers')).toMatchObject({ refusal: { code: 'nothing-to-write' } });
  });

  it('does not write over what an anchor shares', () => {
    const other = axolotl({ lora_alpha: '&a 64', micro_batch_size: '*a' });
    expect(write(base, other, 'alpha')).toMatchObject({ refusal: { message: expect.stringMatching(/./) } });
  });

  it('refuses a text that has changed since', () => {
    const a = recipe(base);
    const b = recipe(axolotl({ lora_alpha: '64' }));
    const [way] = compareConfigs(a, b).ways;
    if (!way) throw new Error('no way');
    const stale = { ...b, text: 'other: text\n' };
    expect(writeWay(a, stale, way, 'x.yml')).toMatchObject({ refusal: { code: 'changed' } });
  });
});

const SCRIPT = (args: string): string => `from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments

model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16))
args = TrainingArguments(output_dir="out", learning_rate=1e-4, optim="adamw_torch", ${args})
Trainer(model=model, args=args, train_dataset=rows).train()
`;
const PLAIN = SCRIPT('lr_scheduler_type="linear"');
const OPEN = SCRIPT('lr_scheduler_type=cli.schedule');

const AROUND = {
  datasets: '[{path: my/data}]',
  micro_batch_size: '2',
  gradient_accumulation_steps: '8',
  ...{ num_epochs: '1', seed: '42', bf16: 'true' },
};

const around = (lines: Readonly<Record<string, string>> = {}): ConfigRecipe => recipe(axolotl({ ...AROUND, ...lines }));
const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 8\nlearning_rate = 1e-4\n';
const kohya = (lines: string): ConfigRecipe =>
  recipe(`${KOHYA}optimizer_type = "AdamW"\nlr_scheduler = "constant"\n${lines}`, 'a.toml');
const train = (text: string): ConfigRecipe => recipe(text, 'train.py');
const batches = (size: number): ConfigRecipe => {
  const more = `model_name_or_path="a/m", per_device_train_batch_size=${size}, num_train_epochs=2, seed=1`;
  return train(SCRIPT(`lr_scheduler_type="linear", ${more}`));
};
const SEVEN = '[q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]';
const linear = (base_model: string, lora_target_modules = SEVEN): [ConfigRecipe, ConfigRecipe] => [
  recipe(axolotl({ base_model, lora_target_linear: 'true' })),
  recipe(axolotl({ base_model, lora_target_modules })),
];
const ofData = (lines: Readonly<Record<string, string>>): [ConfigRecipe, ConfigRecipe] => [
  recipe(axolotl({ datasets: '[{path: a}]' })),
  recipe(axolotl({ datasets: '[{path: a}]', ...lines })),
];
const mlx = (more = ''): ConfigRecipe =>
  recipe(
    `model: m\ntrain: true\nfine_tune_type: lora\noptimizer: adamw\n${more}lora_parameters: {rank: 16, scale: 1.0, dropout: 0.0}\n`,
  );
const CORRECTED = mlx('optimizer_config: {adamw: {bias_correction: true}}\n');

/** What is said of two files is in compared.txt; `vitest -u` writes it anew. */
const PAIRS: Readonly<Record<string, readonly [ConfigRecipe, ConfigRecipe]>> = {
  'a file and itself': [around(), around()],
  'another model': [around(), around({ base_model: 'some/other-model' })],
  'the same model in a folder': [around(), around({ base_model: '/models/model/' })],
  'other data': [around(), around({ datasets: '[{path: your/data}]' })],
  'another batch size': [around(), around({ micro_batch_size: '16' })],
  'the same batch size, made otherwise': [
    around(),
    around({ micro_batch_size: '16', gradient_accumulation_steps: '1' }),
  ],
  'other epochs': [around(), around({ num_epochs: '5' })],
  'steps of one alone': [around(), around({ max_steps: '100' })],
  'another seed': [around(), around({ seed: '7' })],
  'a seed of one alone': [around(), around({ seed: 'null' })],
  'another precision': [around(), around({ bf16: 'false', fp16: 'true' })],
  'bf16 on and off': [around(), around({ bf16: 'false' })],
  'bf16 off in both': [around({ bf16: 'false' }), around({ bf16: 'false' })],
  'steps that one of both adds to equal epochs': [
    kohya('max_train_epochs = 1\n'),
    kohya('max_train_steps = 100\nmax_train_epochs = 1\n'),
  ],
  'what not both state': [around(), recipe(axolotl({ seed: '42' }))],
  'epochs, which a number of steps overrides with Hugging Face': [
    recipe(axolotl({ max_steps: '100', num_epochs: '1' })),
    recipe(axolotl({ max_steps: '100', num_epochs: '5' })),
  ],
  'other numbers of steps': [recipe(axolotl({ max_steps: '9' })), recipe(axolotl({ max_steps: '10' }))],
  'epochs beside equal steps of another trainer': [
    kohya('max_train_steps = 100\nmax_train_epochs = 1\n'),
    kohya('max_train_steps = 100\nmax_train_epochs = 5\n'),
  ],
  'batches of one trainer': [kohya('train_batch_size = 2\n'), kohya('train_batch_size = 4\n')],
  'a batch of one device with that of another trainer': [
    kohya('train_batch_size = 2\n'),
    recipe(axolotl({ micro_batch_size: '4' })),
  ],
  'all linear layers of Llama': linear('meta-llama/Llama-3.1-8B'),
  'all linear layers of Qwen3': linear('Qwen/Qwen3-4B-Instruct-2507'),
  'two linear layers of Llama': linear('meta-llama/Llama-3.1-8B', '[q_proj, v_proj]'),
  'all linear layers of a model that sees': linear('meta-llama/Llama-3.2-11B-Vision'),
  'all linear layers of a mixture of experts': linear('Qwen/Qwen3-30B-A3B'),
  'all linear layers of an unknown model': linear('some/model'),
  'clipping alone': ofData({ max_grad_norm: '2' }),
  'clipping in one of them': ofData({ max_grad_norm: '0' }),
  'clipping and data': ofData({ max_grad_norm: '2', datasets: '[{path: b}]' }),
  'LoRA+': ofData({ loraplus_lr_ratio: '4' }),
  'batches of scripts': [batches(4), batches(8)],
  // The Adam of MLX does not correct its bias.
  'MLX and a trainer of PyTorch': [mlx(), recipe(axolotl({}))],
  'MLX with and without corrected bias': [mlx(), CORRECTED],
  'MLX with corrected bias and without': [CORRECTED, mlx()],
  'MLX with corrected bias and a trainer of PyTorch': [CORRECTED, recipe(axolotl({}))],
  'a script and itself': [train(PLAIN), train(PLAIN)],
  'a script that was not understood, and itself': [train(OPEN), train(OPEN)],
  'a script, and another that was not understood': [train(PLAIN), train(OPEN.replace('alpha=16', 'alpha=32'))],
};

it('says of two files whether they are the same run, by what they differ, and what it means', async () => {
  const texts = Object.entries(PAIRS).map(([title, pair]) => {
    const { comparison, verdict, foot, rows, notUnderstood, ways } = compareConfigs(...pair);
    const differing = comparison.compared.filter(({ same }) => same !== true);
    const shown = rows.filter(({ same }) => same === false);
    return [
      `--- ${title}: ${verdict}, the same: ${comparison.same}`,
      ...differing.map(({ key, same }) => `  ${key}: ${same === null ? 'unknown' : 'differs'}`),
      ...(ways[0]?.changes ?? []).flatMap(({ key, where }) => (where === 'nowhere' ? `  no key of it: ${key}` : [])),
      ...shown.map(({ key, first, second }) => `  | ${key} | ${first} | ${second} |`),
      `  ${[comparison.meaning, foot.split(' Numbers within')[0], notUnderstood].filter(Boolean).join('\n  ')}`,
      '',
    ].join('\n');
  });
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'compared.txt'));
});

it('tells the list of recipes which files were not understood', () => {
  expect(summaryOf(PLAIN, 'train.py')).toMatchObject({ notUnderstood: null });
  expect(summaryOf(OPEN, 'train.py')?.notUnderstood).toContain('Not understood: line 5');
});
