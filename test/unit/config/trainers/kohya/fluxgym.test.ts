import { describe, expect, it } from 'vitest';
import { Fixture } from '../fixtures';

const SH = 'fluxgym/train.sh';
const BAT = 'fluxgym/train.bat';

describe('FluxGym', () => {
  it('writes no alpha, so it is 1', () => {
    const train = new Fixture(SH);
    expect(train.reading).toMatchObject({ trainer: 'fluxgym', trainerName: 'FluxGym' });
    expect(train.recipe()).toMatchObject({
      rank: 4,
      alpha: 1,
      scaling: 0.25,
      learningRate: 8e-4,
      maxGradNorm: 0,
      optimizer: { row: 'adafactor-hf' },
      targetModules: 'attn.qkv,attn.proj,mlp.0,mlp.2',
    });
    expect(train.recipe().assumed.alpha).toMatch(/^sd-scripts defaults alpha to 1/);
    expect(train.codes()).toEqual(['alpha-implied']);
    expect(train.fixed('alpha-implied')).toContain('--network_dim 4 \\\n  --network_alpha 1 \\\n');
  });

  it('takes one from the advanced options, in a batch file too', () => {
    const train = new Fixture(BAT);
    expect(train.reading.trainer).toBe('fluxgym');
    expect(train.recipe()).toMatchObject({ rank: 16, alpha: 8, optimizer: { row: 'adamw', quantized: true } });
    expect(train.newLines(32)).toEqual([
      '--max_grad_norm 2.0 ^',
      '--optimizer_args "weight_decay=0.02" "eps=2e-8" ^',
      '--learning_rate 4e-4 ^',
      '--network_alpha 32',
    ]);
  });

  it('is sd-scripts where another data set is named, and its own data set is no config', () => {
    expect(new Fixture(SH, ['/outputs/ink/dataset.toml', '/data/ink.toml']).reading.trainer).toBe('kohya');
    expect(new Fixture('fluxgym/dataset.toml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
