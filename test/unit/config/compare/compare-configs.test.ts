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

describe('what decides a run besides its recipe', () => {
  it.each([
    ['model', { base_model: 'some/other-model' }, false],
    ['model', { base_model: '/models/model/' }, true],
    ['data', { datasets: '[{path: your/data}]' }, null],
    ['batch', { micro_batch_size: '16' }, false],
    ['batch', { micro_batch_size: '16', gradient_accumulation_steps: '1' }, true],
    ['epochs', { num_epochs: '5' }, false],
    ['steps', { max_steps: '100' }, undefined],
    ['seed', { seed: '7' }, false],
    ['seed', { seed: 'null' }, undefined],
    ['precision', { bf16: 'false', fp16: 'true' }, false],
  ])('%s: %o', (name, lines, same) => {
    const { comparison } = compareConfigs(recipe(axolotl(AROUND)), recipe(axolotl({ ...AROUND, ...lines })));
    expect(comparison.compared.find(({ key }) => key === name)?.same).toBe(same);
    expect(comparison.same).toBe(same === undefined ? true : same);
  });

  it('says what not both state', () => {
    const { foot } = compareConfigs(recipe(axolotl(AROUND)), recipe(axolotl({ seed: '42' })));
    expect(foot).toContain('data, batch size, number of steps, number of epochs, precision, the order of the data.');
    const itself = compareConfigs(recipe(axolotl(AROUND)), recipe(axolotl(AROUND))).foot;
    expect(itself).toContain(': number of devices, the order of the data.');
  });

  const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 8\nlearning_rate = 1e-4\n';
  const kohya = (lines: string): ConfigRecipe =>
    recipe(`${KOHYA}optimizer_type = "AdamW"\nlr_scheduler = "constant"\n${lines}`, 'a.toml');
  it.each<[string, ConfigRecipe, ConfigRecipe, string, boolean | null | undefined]>([
    [
      'epochs, which a number of steps overrides with Hugging Face',
      recipe(axolotl({ max_steps: '100', num_epochs: '1' })),
      recipe(axolotl({ max_steps: '100', num_epochs: '5' })),
      ...(['epochs', undefined] as const),
    ],
    [
      'other numbers of steps',
      recipe(axolotl({ max_steps: '9' })),
      recipe(axolotl({ max_steps: '10' })),
      'steps',
      false,
    ],
    [
      'epochs beside equal steps of another trainer',
      kohya('max_train_steps = 100\nmax_train_epochs = 1\n'),
      kohya('max_train_steps = 100\nmax_train_epochs = 5\n'),
      ...(['epochs', null] as const),
    ],
    ['batches of one trainer', kohya('train_batch_size = 2\n'), kohya('train_batch_size = 4\n'), 'batch', false],
    [
      'a batch of one device with that of another trainer',
      kohya('train_batch_size = 2\n'),
      recipe(axolotl({ micro_batch_size: '4' })),
      ...(['batch', undefined] as const),
    ],
  ])('compares %s', (_, first, second, name, same) => {
    const { comparison, foot } = compareConfigs(first, second);
    expect(comparison.compared.find(({ key }) => key === name)?.same).toBe(same);
    expect(foot.includes('batch size')).toBe(name !== 'batch' || same === undefined);
  });

  const SEVEN = '[q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]';
  it.each([
    ['meta-llama/Llama-3.1-8B', SEVEN, true],
    ['Qwen/Qwen3-4B-Instruct-2507', SEVEN, true],
    ['meta-llama/Llama-3.1-8B', '[q_proj, v_proj]', null],
    ['meta-llama/Llama-3.2-11B-Vision', SEVEN, null],
    ['Qwen/Qwen3-30B-A3B', SEVEN, null],
    ['some/model', SEVEN, null],
  ])('takes all linear layers of %s for %s: %s', (base_model, lora_target_modules, same) => {
    const first = recipe(axolotl({ base_model, lora_target_linear: 'true' }));
    const { compared } = compareConfigs(first, recipe(axolotl({ base_model, lora_target_modules }))).comparison;
    expect(compared.find(({ key }) => key === 'targetModules')?.same).toBe(same);
  });

  it.each<[string, Record<string, string>, string, string]>([
    [
      'clipping alone',
      { max_grad_norm: '2' },
      'nearly',
      'The same run unless clipping is active: only max grad norm of A, max grad norm of B differ.',
    ],
    [
      'clipping in one of them',
      { max_grad_norm: '0' },
      'nearly',
      'The same run unless clipping is active: only max grad norm of A, max grad norm of B differ.',
    ],
    ['clipping and data', { max_grad_norm: '2', datasets: '[{path: b}]' }, 'nearly', 'differ. Not comparable: data.'],
    [
      'LoRA+',
      { loraplus_lr_ratio: '4' },
      'different',
      'So the second learns as the first would with a LoRA+ ratio of 4.',
    ],
  ])('says of %s what it means', (_, lines, verdict, meaning) => {
    const compared = compareConfigs(
      recipe(axolotl({ datasets: '[{path: a}]' })),
      recipe(axolotl({ datasets: '[{path: a}]', ...lines })),
    );
    expect(compared.verdict).toBe(verdict);
    expect(compared.comparison.meaning).toContain(meaning);
    if (lines['max_grad_norm'] === '0') expect(compared.rows.find(({ key }) => key === 'clipA')?.second).toBe('off');
  });

  it.each([['train.py', 'model_name_or_path="a/m", per_device_train_batch_size=4, num_train_epochs=2, seed=1']])(
    'is read from %s as well',
    (path, written) => {
      const script = (more: string): ConfigRecipe => recipe(SCRIPT(`lr_scheduler_type="linear", ${more}`), path);
      const { comparison } = compareConfigs(script(written), script(written.replace('=4', '=8')));
      expect(comparison.compared.filter(({ same }) => same === false).map(({ key }) => key)).toEqual(['batch']);
    },
  );

  it('knows that the Adam of MLX does not correct its bias', () => {
    const mlx = (more: string): ConfigRecipe =>
      recipe(
        `model: m\ntrain: true\nfine_tune_type: lora\noptimizer: adamw\n${more}lora_parameters: {rank: 16, scale: 1.0, dropout: 0.0}\n`,
      );
    const differing = (first: ConfigRecipe, second: ConfigRecipe): string[] =>
      compareConfigs(first, second).comparison.compared.flatMap(({ key, same }) => (same === false ? key : []));
    expect(differing(mlx(''), recipe(axolotl({})))).toContain('option biasCorrection');
    const corrected = mlx('optimizer_config: {adamw: {bias_correction: true}}\n');
    expect(differing(mlx(''), corrected)).toEqual(['option biasCorrection']);
    expect(differing(corrected, recipe(axolotl({})))).not.toContain('option biasCorrection');
  });
});

describe('a comparison', () => {
  it('says "the same run" only of files that were understood', () => {
    const same = compareConfigs(recipe(PLAIN, 'train.py'), recipe(PLAIN, 'train.py'));
    expect(same).toMatchObject({ verdict: 'same', notUnderstood: null, comparison: { same: true } });
    const open = compareConfigs(recipe(OPEN, 'train.py'), recipe(OPEN, 'train.py'));
    expect(open).toMatchObject({ verdict: 'unknown', comparison: { same: null } });
    expect(open.comparison.meaning).toMatch(
      /The same run for what was read\. Not understood: line 5, .*\(the first\)\. Not understood: line 5, .*\(the second\)/,
    );
  });

  it('names what was not understood beside a difference', () => {
    const { comparison, verdict } = compareConfigs(
      recipe(PLAIN, 'train.py'),
      recipe(OPEN.replace('alpha=16', 'alpha=32'), 'train.py'),
    );
    expect(verdict).toBe('different');
    expect(comparison.meaning).toMatch(/Not understood: line 5, .*\(the second\)/);
  });
});

it('tells the list of recipes which files were not understood', () => {
  expect(summaryOf(PLAIN, 'train.py')).toMatchObject({ notUnderstood: null });
  expect(summaryOf(OPEN, 'train.py')?.notUnderstood).toContain('Not understood: line 5');
});
