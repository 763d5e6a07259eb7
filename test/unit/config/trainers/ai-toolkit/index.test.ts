import { describe, expect, it } from 'vitest';
import { Fixture, networksOf } from '../fixtures';

const FLUX = 'ai-toolkit/flux.yaml';
const TWO = 'ai-toolkit/two.yaml';
const SD15 = 'ai-toolkit/sd15.json';

describe('ai-toolkit', () => {
  it('has a run for every process, and networks in it', () => {
    expect(networksOf(new Fixture(TWO))).toEqual([
      ['styles 1', 32, 8, 0.25],
      ['styles 1: conv', 16, 4, 0.25],
      ['styles 2', 16, 16, 1],
    ]);
    expect(new Fixture(TWO).recipe(2)).toMatchObject({ run: 'styles 2', useDora: true, optimizer: { row: 'prodigy' } });
    expect(networksOf(new Fixture(SD15))).toEqual([['lora', 8, 4, 0.5]]);
  });

  it('knows its defaults', () => {
    const bare = new Fixture(
      SD15,
      [', "rank": 8, "alpha": 4', ''],
      ['"optimizer": "adamw",\n          "lr": 0.0002', '"seed": 1'],
    );
    expect(bare.recipe()).toMatchObject({
      rank: 4,
      alpha: 1,
      learningRate: 1e-6,
      maxGradNorm: 1,
      scheduler: 'constant',
      optimizer: { name: 'adamw', eps: 1e-6, weightDecay: 0.01, betas: [0.9, 0.999] },
      targetModules: 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2',
    });
    expect(new Fixture(SD15, ['"alpha": 4', '"alpha": 0']).recipe().alpha).toBe(8);
    expect(new Fixture(TWO, [/ +conv_alpha.*\n/, '']).recipe(1)).toMatchObject({ rank: 16, alpha: 16 });
  });

  it('says that alpha has no effect for transformer models, and plans nothing that would move it', () => {
    const flux = new Fixture(FLUX);
    expect(flux.recipe()).toMatchObject({ rank: 16, alpha: 16, scaling: 1 });
    expect(flux.recipe().alphaIsIgnored).toMatch(/flux is one/);
    expect(flux.recipe().stated.alpha?.path).toBe('network.linear_alpha');
    expect(flux.reading.findings[0]).toMatchObject({ code: 'alpha-ignored', severity: 'warning', line: 11 });
    expect(flux.fixed('alpha-ignored')).toBe(flux.text.replace(/ +linear_alpha.*\n/, ''));
    const refusal = flux.refusal(64);
    expect(refusal).toMatchObject({ code: 'alpha-ignored' });
    expect(refusal?.message).toMatch(/A learning rate of 4\.0e-4 does what alpha 64 would do early in the run/);
    expect(flux.refusal(16)).toBeNull();
    expect(new Fixture(FLUX, ['linear_alpha: 32', 'linear_alpha: 16']).reading.findings[0]).toMatchObject({
      code: 'alpha-ignored',
      severity: 'info',
    });
    expect(new Fixture(FLUX, [/ +linear_alpha.*\n/, '']).codes()).toEqual(['rate-overridden']);
  });

  it.each([
    ['is_flux: True', true],
    ['is_v3: true', true],
    ['is_lumina2: true', true],
    ['arch: qwen_image', true],
    ['arch: "flux2:dev"', true],
    ['is_xl: true', false],
    ['is_v2: true', false],
    ['is_pixart: true', false],
    ['is_auraflow: true', false],
    ['arch: sdxl', false],
    ['arch: sd1', false],
    ['is_flux: false', false],
  ])('tells by the model whether alpha counts: %s', (model, isIgnored) => {
    expect(new Fixture(FLUX, ['is_flux: true', model]).recipe().alphaIsIgnored !== undefined).toBe(isIgnored);
  });

  it('lets LoCon have its alpha for every model', () => {
    expect(new Fixture(FLUX, ['"lora"', '"locon"']).recipe()).toMatchObject({ alpha: 32, scaling: 2 });
  });

  it('rewrites one run and leaves the other', () => {
    expect(new Fixture(TWO).newLines(32)).toEqual([
      'linear_alpha: 32 # a quarter',
      'conv_alpha: 16',
      'max_grad_norm: 2.0',
      'weight_decay: 0.02',
    ]);
    expect(new Fixture(TWO).refusal(64, 2)?.code).toBe('alpha-ignored');
  });

  it('begins the map of arguments, in JSON too, and never writes an eps', () => {
    const lines = new Fixture(SD15).newLines(16);
    expect(lines).toEqual([
      '"network": { "type": "lora", "rank": 8, "alpha": 16 },',
      '"lr": 0.0001,',
      '"max_grad_norm": 2.0,',
      '"optimizer_params": { "weight_decay": 0.02 }',
    ]);
    expect(new Fixture(SD15).recipe().assumed.eps).toBe('ai-toolkit always sets eps to 1e-6.');
    const given = new Fixture(SD15, ['"steps": 500,', '"steps": 500, "optimizer_params": { "eps": 1e-7 },']);
    expect(given.codes()).toContain('key-rejected');
  });

  it('says which rates have no effect, and which stay small', () => {
    expect(new Fixture(FLUX).reading.findings[1]).toMatchObject({ code: 'rate-overridden', line: 18 });
    expect(new Fixture(FLUX, ['unet_lr: 2e-4', 'unet_lr: 1e-4']).codes()).toEqual(['alpha-ignored']);
    expect(new Fixture(TWO).fixed('rate-stays-small')).toContain('optimizer: prodigy\n        lr: 1.0\n');
  });

  it('does not know what stands in the environment', () => {
    const rate = new Fixture(SD15, ['"lr": 0.0002', '"lr": "${RATE}"']);
    expect(rate.recipe()).toMatchObject({ learningRate: null, unresolved: { learningRate: '${RATE}' } });
    expect(rate.codes()).toEqual(['value-elsewhere']);
  });

  it('leaves other networks, full fine-tunes and other jobs alone', () => {
    for (const type of ['lokr', 'lorm', 'fullrank']) {
      const other = new Fixture(FLUX, ['"lora"', `"${type}"`]);
      expect(other.reading).toMatchObject({ isLora: false, findings: [{ code: 'other-adapter' }] });
    }
    expect(new Fixture('ai-toolkit/full.yaml').reading).toMatchObject({ isLora: false, findings: [] });
    expect(new Fixture(FLUX, ['process:', 'processes:']).reading).toMatchObject({ isLora: false, findings: [] });
  });
});
