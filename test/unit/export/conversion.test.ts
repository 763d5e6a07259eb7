import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { conversionFile, groupPowers, isConversion, type Conversion } from '../../../src/export/conversion';
import { optimizerRow, OPTIMIZER_ROWS } from '../../../src/recipe/optimizers/optimizers';

function textOf(id: string, changed: Partial<Conversion> = {}): string {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return conversionFile({
    ...{
      name: 'train.py',
      trainer: 'PEFT',
      rank: 8,
      init: null,
      gauge: { p: 2, q: 2 },
      row,
      notes: ['Set lora_alpha 64.'],
    },
    ...{ from: { alpha: 16, scalingRule: 'standard' }, to: { alpha: 64, scalingRule: 'standard' } },
    ...changed,
  });
}

// What the files do is held by test/pytorch/resumed.
describe('a file that converts a checkpoint', () => {
  it.each(OPTIMIZER_ROWS.flatMap(({ id, saved }) => (saved ? [id] : [])))(
    'of %s needs torch and safetensors alone, and is no config',
    (id) => {
      const text = textOf(id);
      const names = [...text.matchAll(/^\s*(?:import|from) ([\w.]+)/gm)].map(([, each = '']) => each);
      const own = 'json re shutil signal sys collections pathlib'.split(' ');
      expect(names).toEqual([...own, 'safetensors.torch', 'torch']);
      expect(isConversion(text)).toBe(true);
      expect(readConfig(text, 'convert.py')).toMatchObject({ isLora: false, findings: [], recipes: [] });
    },
  );

  it('loads tensors as plain data alone', () => {
    const loads = [...textOf('adamw').matchAll(/\bload\w*\(.*/g)].map(([call]) => call);
    expect(loads.filter((call) => call.startsWith('load('))).toEqual([
      'load(file, map_location="cpu", weights_only=True)',
    ]);
    expect(textOf('adamw')).not.toMatch(/pickle|weights_only=False/);
  });

  it('has the numbers of both scalings, and the powers of the optimizer', () => {
    const text = textOf('adamw', { to: { alpha: 16, scalingRule: 'rslora' }, gauge: { p: 1, q: 8 ** 0.5 } });
    expect(text).toContain('OLD = dict(r=8, lora_alpha=16, use_rslora=False)');
    expect(text).toContain('NEW = dict(lora_alpha=16, use_rslora=True)');
    expect(text).toContain('P, Q = 1, 2.8284271247461903\n');
    expect(text).toContain('STATE = {"step": 0, "exp_avg": 1, "exp_avg_sq": 2, "max_exp_avg_sq": 2}\n');
    expect(text).toContain('GROUP = {"lr": -1, "initial_lr": -1, "weight_decay": 1, "eps": 1}\n');
    expect(text).toContain('OPTIMIZER = "AdamW"\nSWITCHES = {"decoupled_weight_decay": True}');
  });

  it.each([
    ['sgd', { lr: -2, initial_lr: -2, weight_decay: 2 }],
    ['adafactor-hf-scale', { lr: 0, initial_lr: 0, weight_decay: 1, eps: [2, -1] }],
    ['rprop', { lr: -1, initial_lr: -1, weight_decay: 0, step_sizes: [-1, -1] }],
  ])('moves the numbers of %s by the powers of its row', (id, expected) => {
    const row = optimizerRow(id);
    expect(row && groupPowers(row)).toEqual(expected);
  });

  it.each(['radam', 'prodigy', 'adafactor-torch', 'soap'])('is refused for %s', (id) => {
    expect(() => textOf(id)).toThrow(/^No rule is known for the state of .+\.$/);
  });

  it.each(['kaiming-uniform', 'random-b', 'gaussian', 'orthogonal', 'pissa', null] as const)(
    'is written for the init %s, which leaves the frozen weights alike at every alpha',
    (init) => {
      expect(isConversion(textOf('adamw', { init }))).toBe(true);
    },
  );

  it.each(['olora', 'lora-ga', 'eva', 'corda', 'loftq', 'mica'] as const)('is refused for the init %s', (init) => {
    const sentence = /^A run with the init \S+ cannot be converted: .+ other frozen weights\.$/;
    expect(() => textOf('adamw', { init })).toThrow(sentence);
  });

  it('stays Python whatever the file is called', () => {
    const text = textOf('adamw', { name: 'a""" + import os\\\n%(x)s.py' });
    expect(text.slice(3, text.indexOf('"""', 3))).toContain("a''' + import os/ % (x)s.py");
  });
});
