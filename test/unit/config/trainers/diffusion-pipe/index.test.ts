import { describe, expect, it } from 'vitest';
import { Fixture } from '../fixtures';

const WAN = 'diffusion-pipe/wan.toml';
const ALPHA = 'diffusion-pipe/alpha.toml';

describe('diffusion-pipe', () => {
  it('has a scaling of 1, whatever the rank', () => {
    expect(new Fixture(WAN).recipe()).toMatchObject({
      rank: 32,
      alpha: 32,
      scaling: 1,
      learningRate: 2e-5,
      maxGradNorm: 0.5,
      warmup: 100,
      optimizer: { name: 'adamw_optimi', row: 'adamw', weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.99] },
    });
    expect(new Fixture(WAN).recipe().alphaIsIgnored).toMatch(/has no alpha/);
    expect(new Fixture(WAN).codes()).toEqual([]);
  });

  it('knows its defaults', () => {
    const bare = new Fixture(WAN, [/gradient_clipping.*\n/, ''], [/lr = [^]*$/, '']);
    expect(bare.recipe()).toMatchObject({
      maxGradNorm: 1,
      dropout: 0,
      scheduler: 'constant',
      optimizer: { weightDecay: 0, eps: 1e-6, betas: [0.9, 0.99] },
    });
    const released = new Fixture(
      WAN,
      [/gradient_clipping.*\n/, ''],
      ['lr = 2e-5', 'lr = 2e-5\ngradient_release = true'],
    );
    expect(released.recipe().maxGradNorm).toBe(0);
  });

  it('never plans another alpha, and never writes one', () => {
    for (const alpha of [8, 64, 128]) expect(new Fixture(WAN).refusal(alpha)?.code).toBe('alpha-ignored');
    expect(new Fixture(WAN).refusal(128)?.message).toBe(
      'diffusion-pipe has no alpha: it sets it to the rank. So the scaling stays 1. A learning rate of 8.0e-5 does what alpha 128 would do early in the run.',
    );
    expect(new Fixture(WAN).rewritten(32)).toBe(new Fixture(WAN).text);
  });

  it('takes the key out on which the trainer stops', () => {
    const alpha = new Fixture(ALPHA);
    expect(alpha.codes()).toEqual(['alpha-rejected', 'rate-overridden']);
    expect(alpha.fixed('alpha-rejected')).toBe(alpha.text.replace('alpha = 8\n', ''));
    expect(alpha.recipe()).toMatchObject({ alpha: 16, scaling: 1, learningRate: 1e-5 });
  });

  it('leaves other adapters and full fine-tunes alone', () => {
    expect(new Fixture(WAN, ["type = 'lora'", "type = 'lokr'"]).reading).toMatchObject({
      isLora: false,
      findings: [{ code: 'other-adapter' }],
    });
    expect(new Fixture('diffusion-pipe/full.toml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(new Fixture(WAN, [/rank.*\n/, '']).codes()).toEqual(['rank-missing']);
  });
});
