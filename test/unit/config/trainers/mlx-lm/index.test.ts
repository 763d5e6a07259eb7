import { fixesOf } from '../../../../../src/config/write/fixes';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';
import { fixture } from '../fixture';

describe('mlx-lm', () => {
  it('takes scale for the scaling itself, whatever the rank', () => {
    const { reading, recipe, codes } = fixture('mlx-lm/scale.yaml');
    expect([reading.trainer, reading.layout, codes]).toEqual(['mlx-lm', 'mlx-lm', []]);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 20, scaling: 20, scalingRule: 'direct', learningRate: 1e-5 });
    expect(recipe()).toMatchObject({ maxGradNorm: 0, init: 'uniform', optimizer: { weightDecay: 0.05, eps: 1e-6 } });
    expect(recipe().stated.alpha?.path).toBe('lora_parameters.scale');
  });

  it('writes scale, rate, decay and eps, and no clip threshold', () => {
    expect(fixture('mlx-lm/scale.yaml').written(80)).toEqual([
      'eps: 2e-6',
      'weight_decay: 0.1',
      'learning_rate: 5e-6',
      'scale: 80.0',
    ]);
    expect(fixture('mlx-lm/scale.yaml').written(80, 'lr-only')).toEqual(['learning_rate: 2.5e-6', 'scale: 80.0']);
  });

  it('takes its own numbers where lora_parameters is left out, and begins the maps it needs', () => {
    const { recipe, written } = fixture('mlx-lm/defaults.yaml');
    expect(recipe()).toMatchObject({
      rank: 8,
      alpha: 20,
      learningRate: 1e-5,
      optimizer: { row: 'adam', weightDecay: 0 },
    });
    expect(recipe().assumed.alpha).toMatch(/20 .*10 before version 0\.25\.1/);
    expect(written(80)).toEqual(
      expect.arrayContaining(['lora_parameters:', 'rank: 8', 'scale: 80', 'optimizer_config:', 'adam:', 'eps: 2.0e-8']),
    );
  });

  it('takes the rate from the schedule, and moves where it begins and ends', () => {
    const { recipe, codes, written } = fixture('mlx-lm/schedule.yaml');
    expect(recipe()).toMatchObject({
      learningRate: 2e-5,
      useDora: true,
      alpha: 2,
      warmup: 20,
      scheduler: 'cosine_decay',
    });
    expect(codes).toEqual(['rate-overridden']);
    expect(written(8)).toEqual(
      expect.arrayContaining([
        'warmup_init: 5e-8',
        'arguments: [1e-5, 200, 5e-7]',
        expect.stringContaining('scale: 8.0'),
      ]),
    );
    const linear = fixture('mlx-lm/schedule.yaml', ['cosine_decay', 'linear_schedule'], ['200, 1e-6', '1e-6, 200']);
    expect(linear.written(8)).toContain('arguments: [1e-5, 5e-7, 200]');
  });

  it('says what it stops on, and what it does not read', () => {
    const none = fixture('mlx-lm/no-scale.yaml');
    expect([none.codes, none.reading.recipes]).toEqual([expect.arrayContaining(['alpha-missing', 'key-not-read']), []]);
    const missing = none.reading.findings.find(({ code }) => code === 'alpha-missing');
    expect(missing?.message).toMatch(/Set lora_parameters\.scale to a scaling such as 20\.$/);
    const dropout = fixture('mlx-lm/no-dropout.yaml');
    expect(dropout.codes).toEqual(['key-missing']);
    expect(dropout.reading.findings.slice(0, 1).flatMap((finding) => fixesOf(dropout.reading, finding))).toMatchObject([
      { title: 'Set lora_parameters.dropout = 0.0' },
    ]);
  });

  it('takes scale for the scaling beside lora_layers as well, which outlived alpha', () => {
    const { reading, recipe, codes, written } = fixture('mlx-lm/old.yaml');
    expect([reading.layout, codes]).toEqual(['mlx-lm-layers', ['key-not-read']]);
    expect(recipe()).toMatchObject({ rank: 8, alpha: 10, scaling: 10, scalingRule: 'direct' });
    expect(written(40)).toEqual(expect.arrayContaining(['scale: 40.0', 'learning_rate: 5e-6']));
    expect(written(40).toString()).not.toMatch(/alpha|optimizer_config/);
  });

  it.each([
    ['of its versions with lora_layers, which hand no eps on', '', 'nearly'],
    ['that names an optimizer, which later versions read', 'optimizer: adam\n', 'exact'],
    ['that counts layers as later versions do', 'num_layers: 16\n', 'exact'],
  ])('is as exact as its version lets eps move: a file %s', (_, line, exactness) => {
    const text = `${line}lora_layers: 16\nmodel: m\nlora_parameters: {rank: 8, scale: 10.0, dropout: 0.0}\n`;
    const [plan] = planConfig(text, readConfig(text, 'lora.yaml'), 0, 40).plans;
    expect([plan?.id, plan?.exactness]).toEqual(['symmetric', exactness]);
  });

  it('is known by its parameters alone: every other key may stand on the command line', () => {
    const text = 'lora_parameters:\n  rank: 8\n  scale: 20.0\n  dropout: 0.0\n';
    expect(readConfig(text, 'lora.yaml')).toMatchObject({ trainer: 'mlx-lm', recipes: [{ rank: 8, scaling: 20 }] });
  });

  it('takes no notice of an alpha in files of its later versions', () => {
    const { reading, recipe, codes, written } = fixture('mlx-lm/unread-alpha.yaml');
    expect([reading.layout, codes]).toEqual(['mlx-lm', ['key-not-read']]);
    expect(recipe()).toMatchObject({ rank: 32, alpha: 10, scaling: 10, scalingRule: 'direct' });
    expect(written(40, 'lr-only')).toEqual(['learning_rate: 5e-5', 'scale: 40.0']);
  });

  it('does not write where an alpha stands without a scale', () => {
    const { recipe, codes, written } = fixture('mlx-lm/scale.yaml', ['scale: 20.0', 'alpha: 16']);
    expect(codes).toEqual(['scale-missing']);
    expect(recipe()).toMatchObject({ alpha: 16, scaling: 20 });
    expect(written(64)).toBe('scale-missing');
  });

  it('knows the config that stands beside trained weights', () => {
    const { codes } = fixture('mlx-lm/trained.json');
    expect(codes).toEqual(['trained-adapter']);
  });

  it.each([
    ['sgd', 'sgd', 0],
    ['adafactor', 'adafactor-hf-scale-relative', 0],
    ['muon', null, null],
  ])('knows %s as MLX makes it', (name, row, weightDecay) => {
    const { optimizer } = fixture('mlx-lm/scale.yaml', ['optimizer: adamw', `optimizer: ${name}`]).recipe();
    expect(optimizer.row).toBe(row);
    if (row) expect(optimizer.weightDecay).toBe(weightDecay);
  });

  it('knows Adafactor by its switches, and Muon without decay', () => {
    const of = (name: string, settings: string): string | null =>
      fixture('mlx-lm/defaults.yaml', [
        'data: data',
        `optimizer: ${name}\noptimizer_config: {${name}: {${settings}}}\ndata: data`,
      ]).recipe().optimizer.row;
    expect(of('adafactor', 'relative_step: false')).toBe('adafactor-hf-scale');
    expect(of('adafactor', 'relative_step: false, scale_parameter: false')).toBe('adafactor-hf');
    expect(of('muon', 'weight_decay: 0')).toBe('muon');
  });

  it('fills an empty map of the optimizer with all that it gets', () => {
    const empty = fixture('mlx-lm/defaults.yaml', [
      'data: data',
      'optimizer: adamw\noptimizer_config: {adamw: {}}\ndata: data',
    ]);
    expect(empty.written(80)).toContainEqual(
      expect.stringMatching(/adamw: \{ *weight_decay: 0\.02, eps: 2\.?0?e-8 *\}/),
    );
    const json =
      '{"optimizer": "adamw", "optimizer_config": {"adamw": {}}, "lora_parameters": {"rank": 8, "dropout": 0, "scale": 2}, "train": true}';
    const reading = readConfig(json, 'run.json');
    const result = rewriteConfig(json, reading, 0, 8, 'symmetric');
    expect('edits' in result && applyEdits(json, result.edits)).toContain('"adamw": {"weight_decay": 0.02, "eps": 2');
  });

  it('is silent where all weights are trained', () => {
    expect(fixture('mlx-lm/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
