import { describe, expect, it } from 'vitest';
import { Fixture, networksOf } from '../../fixtures';

const FLUX = 'kohya-gui/flux.json';
const LOCON = 'kohya-gui/locon.json';
const BLOCKS = 'kohya-gui/blocks.json';

describe('kohya_ss GUI', () => {
  it('reads what sd-scripts is given: the winning rate, the percentage, the one text of arguments', () => {
    const flux = new Fixture(FLUX);
    expect(flux.recipe()).toMatchObject({
      rank: 16,
      alpha: 16,
      useDora: false,
      learningRate: 3e-4,
      loraplusLrRatio: null,
      warmup: 0.05,
      optimizer: { name: 'AdamW8bit', row: 'adamw', weightDecay: 0.1, betas: [0.9, 0.99], eps: 1e-8 },
    });
    expect(flux.recipe().stated.learningRate?.path).toBe('unet_lr');
    expect(flux.codes()).toEqual(['rate-overridden']);
    expect(new Fixture(FLUX, ['"learning_rate": 0.0005', '"learning_rate": 0.0003']).codes()).toEqual([]);
  });

  it('hears additional_parameters last', () => {
    const flux = new Fixture(FLUX);
    expect(flux.recipe().maxGradNorm).toBe(0.5);
    expect(flux.recipe().stated.maxGradNorm?.path).toBe('additional_parameters.max_grad_norm');
    const scheduled = new Fixture(FLUX, ['--log_prefix', '--lr_scheduler_type \\"CosineAnnealingLR\\" --log_prefix']);
    expect(scheduled.recipe().scheduler).toBe('CosineAnnealingLR');
    const replaced = new Fixture(FLUX, ['--log_prefix', '--optimizer_args weight_decay=0.3 --log_prefix']);
    expect(replaced.codes()).toContain('additional-parameters');
    expect(() => replaced.rewritten(64)).toThrow(/additional-parameters/);
  });

  it('reads only what its type of LoRA hands on', () => {
    expect(networksOf(new Fixture(FLUX))).toEqual([
      ['lora', 16, 16, 1],
      ['img_attn', 8, 16, 2],
    ]);
    expect(networksOf(new Fixture(FLUX, ['"Flux1"', '"Kohya LoCon"']))).toEqual([
      ['lora', 16, 16, 1],
      ['conv', 1, 1, 1],
    ]);
    expect(networksOf(new Fixture(FLUX, ['"Flux1"', '"Standard"']))).toEqual([['lora', 16, 16, 1]]);
    expect(new Fixture(LOCON, ['"LyCORIS/LoCon"', '"Standard"']).recipe().useDora).toBe(false);
    expect(new Fixture(LOCON).recipe().useDora).toBe(true);
  });

  it('edits inside the one text, in the quotes that stand there', () => {
    expect(new Fixture(FLUX).newLines(64)).toEqual([
      '"additional_parameters": "--max_grad_norm=1.0 --log_prefix \\"ink\\"",',
      '"learning_rate": 0.00025,',
      '"network_alpha": 64,',
      '"optimizer_args": "\\"weight_decay=0.2\\" \\"eps=2.0e-8\\" \\"betas=0.9,0.99\\"",',
      '"unet_lr": 0.00015',
    ]);
    const turned = new Fixture(FLUX, [
      '\\"weight_decay=0.1\\" \\"betas=0.9,0.99\\"',
      '\\"betas=0.9,0.99\\" \\"weight_decay=0.1\\"',
    ]);
    expect(turned.newLines(64)).toContain(
      '"optimizer_args": "\\"betas=0.9,0.99\\" \\"weight_decay=0.2\\" \\"eps=2.0e-8\\"",',
    );
    expect(new Fixture(FLUX).newLines(64, 'keep-init')).toEqual(['"loraplus_lr_ratio": 0.25,', '"network_alpha": 64,']);
  });

  it('keeps texts texts, begins an empty one, and writes a clip threshold in place of 0', () => {
    const locon = new Fixture(LOCON);
    expect(networksOf(locon)).toEqual([
      ['lora', 32, 16, 0.5],
      ['conv', 8, 4, 0.5],
    ]);
    expect(locon.recipe()).toMatchObject({ learningRate: 1e-4, maxGradNorm: 1, warmup: 0.1, unscaled: ['the norms'] });
    expect(locon.codes()).toEqual(['clip-not-off', 'unscaled-parameters']);
    expect(locon.newLines(64)).toEqual([
      '"conv_alpha": 16,',
      '"learning_rate": "0.00005",',
      '"max_grad_norm": 2,',
      '"network_alpha": "64",',
      '"optimizer_args": "weight_decay=0.02 eps=2.0e-8",',
      '"text_encoder_lr": "2.5e-05",',
      '"unet_lr": "0.00005"',
    ]);
  });

  it('trains the text encoder alone where unet_lr is 0, and hands on no alpha of 0', () => {
    const blocks = new Fixture(BLOCKS);
    expect(blocks.reading.layout).toBe('kohya-gui-text-encoder');
    expect(blocks.recipe()).toMatchObject({ alpha: 1, learningRate: 1e-5, optimizer: { row: 'adafactor-hf' } });
    expect(blocks.recipe().assumed.alpha).toMatch(/passes no setting that is 0/);
    expect(networksOf(blocks)).toEqual([
      ['lora', 16, 1, 1 / 16],
      ['block 0', 8, 4, 0.5],
      ['block 2', 16, 8, 0.5],
    ]);
    expect(blocks.newLines(4)).toEqual([
      '"block_alphas": "16,4,32",',
      '"learning_rate": 1e-05,',
      '"network_alpha": 4,',
      '"max_grad_norm": 2.0,',
      '"optimizer_args": "scale_parameter=False relative_step=False warmup_init=False eps=[4e-30,0.001]",',
      '"text_encoder_lr": 5e-06,',
    ]);
    const mainRate = new Fixture(BLOCKS, ['"text_encoder_lr": 1e-05', '"text_encoder_lr": 0']);
    expect(mainRate.recipe()).toMatchObject({ learningRate: 2e-5 });
    expect(mainRate.recipe().stated.learningRate?.path).toBe('learning_rate');
  });

  it('leaves other types and full fine-tunes alone', () => {
    for (const type of ['LyCORIS/LoHa', 'LyCORIS/LoKr', 'LyCORIS/iA3', 'LoRA-FA', 'Kohya DyLoRA', 'Flux1 OFT']) {
      const other = new Fixture(LOCON, ['LyCORIS/LoCon', type]);
      expect(other.reading).toMatchObject({ isLora: false, findings: [{ code: 'other-adapter', severity: 'info' }] });
    }
    expect(new Fixture('kohya-gui/finetune.json').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
