import { describe, expect, it } from 'vitest';
import { Fixture, networksOf } from '../fixtures';

const BLOCKS = 'kohya/blocks.toml';
const FLUX = 'kohya/flux.toml';
const LYCORIS = 'kohya/lycoris.toml';

describe('kohya sd-scripts', () => {
  it('has a network for every block that is trained, under whatever section', () => {
    expect(networksOf(new Fixture(BLOCKS))).toEqual([
      ['lora', 16, 8, 0.5],
      ['block 0', 4, 2, 0.5],
      ['block 2', 8, 4, 0.5],
      ['block 3', 16, 8, 0.5],
      ['conv block 0', 2, 1, 0.5],
      ['conv block 1', 2, 1, 0.5],
      ['conv block 2', 2, 1, 0.5],
      ['conv block 3', 2, 2, 1],
    ]);
    expect(new Fixture(BLOCKS).recipe(3).stated.alpha?.path).toBe('network_args.block_alphas[3]');
  });

  it('rewrites every alpha inside its list, and every rate of a list', () => {
    expect(new Fixture(BLOCKS).newLines(32)).toEqual([
      'network_alpha = 32',
      `"block_alphas=8,2,16,32${',1'.repeat(21)}", # one for each block`,
      `"conv_block_alphas=4,4,4,8${',1'.repeat(21)}",`,
      'learning_rate = 5e-5',
      'text_encoder_lr = [2.5e-5, 5e-6]',
      'max_grad_norm = 2.0',
      'optimizer_args = ["weight_decay=0.02", "eps=2e-8"]',
    ]);
  });

  it('says of arguments in one text that the run stops, and writes nothing beside them', () => {
    const list = '["decouple=True", "weight_decay=0.01"]';
    const text = new Fixture(FLUX, [list, '"decouple=True weight_decay=0.01"']);
    expect(text.codes()).toContain('value-invalid');
    expect(() => text.rewritten(64)).toThrow(/value-invalid/);
    expect(new Fixture(FLUX, [list, '""']).codes()).not.toContain('value-invalid');
  });

  it('gives blocks without alphas those of the network', () => {
    const inherited = new Fixture(BLOCKS, [/ {2}"block_alphas.*\n/, '']);
    expect(networksOf(inherited).slice(0, 3)).toEqual([
      ['lora', 16, 8, 0.5],
      ['block 0', 4, 8, 2],
      ['block 2', 8, 8, 1],
    ]);
    expect(inherited.newLines(32)).toContain('network_alpha = 32');
  });

  it('does not write a conv_alpha that would never become a number', () => {
    const alone = new Fixture(BLOCKS, [/ {2}"conv_block_alphas.*\n/, '']);
    expect(() => alone.rewritten(32)).toThrow(/rewrite-fault/);
    // A sentence, without the program's own objects.
    expect(() => alone.rewritten(32)).toThrow(/^[^{}]*$/);
    expect(alone.text).not.toContain('conv_alpha');
  });

  it('has networks for kinds of layers and for regexes, which share the alpha', () => {
    expect(networksOf(new Fixture(FLUX))).toEqual([
      ['lora', 16, 16, 1],
      ['img_attn', 4, 16, 4],
      ['single_blocks', 8, 16, 2],
    ]);
    const adam = new Fixture(FLUX, ['Prodigy', 'AdamW'], ['"decouple=True", ', '']);
    expect(adam.newLines(64)).toEqual([
      'network_alpha = 64',
      'network_args = ["img_attn_dim=4", "txt_attn_dim=0", "network_reg_dims=single_blocks=8", "network_reg_lrs=single_blocks_1_=5e-5,double=1.5e-4"]',
      'learning_rate = 1e-4',
      'max_grad_norm = 2.0',
      'optimizer_args = ["weight_decay=0.02", "eps=2e-8"]',
    ]);
  });

  it('knows what LyCORIS takes where nobody says, and what it trains besides', () => {
    const lycoris = new Fixture(LYCORIS);
    expect(networksOf(lycoris)).toEqual([
      ['lora', 32, 16, 0.5],
      ['conv', 32, 4, 0.125],
    ]);
    expect(lycoris.recipe()).toMatchObject({ useDora: true, unscaled: ['the norms'] });
    expect(lycoris.codes()).toEqual(['trained-scalar', 'unscaled-parameters']);
    const zero = new Fixture(LYCORIS, ['conv_alpha=4', 'conv_dim=8", "conv_alpha=0']);
    expect(networksOf(zero)[1]).toEqual(['conv', 8, 16, 2]);
  });

  it('trains a text encoder that is alone with its own rate', () => {
    expect(new Fixture(LYCORIS).recipe()).toMatchObject({ learningRate: 2e-5 });
    const list = new Fixture(LYCORIS, ['= 2e-5', '= [3e-5, 1e-5]']);
    expect(list.recipe().stated.learningRate?.path).toBe('text_encoder_lr.0');
    expect(list.recipe().learningRate).toBe(3e-5);
    const both = new Fixture(LYCORIS, ['network_train_text_encoder_only = true\n', '']);
    expect(both.recipe().learningRate).toBe(1e-4);
  });

  it('says which rate has no effect, unless it does no harm', () => {
    expect(new Fixture('kohya/unet-rate.toml').reading.findings).toMatchObject([{ code: 'rate-overridden', line: 10 }]);
    expect(new Fixture('kohya/unet-rate.toml', ['learning_rate = 1e-4', 'learning_rate = 2e-4']).codes()).toEqual([]);
    expect(new Fixture('kohya/unet-rate.toml', [/^text_encoder_lr.*\n/m, '']).codes()).toEqual([]);
  });

  it('writes the default of a text encoder down on request', () => {
    const silent = new Fixture('kohya/unet-rate.toml', [/^learning_rate = .*\n/m, ''], [/^text_encoder_lr.*\n/m, '']);
    expect(silent.fixed('text-encoder-default')).toContain('unet_lr = 2e-4\ntext_encoder_lr = 2.0e-6\n');
  });

  it('knows which block its layers stand in', () => {
    expect(new Fixture(BLOCKS).recipe().targetModules).toBe('to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2');
    expect(new Fixture(FLUX).recipe().targetModules).toBe('attn.qkv,attn.proj,mlp.0,mlp.2');
    expect(new Fixture(LYCORIS).recipe().targetModules).toBe('q_proj,k_proj,v_proj,out_proj,fc1,fc2');
  });

  it('leaves other networks and full fine-tunes alone', () => {
    expect(new Fixture('kohya/full.toml').reading).toMatchObject({ isLora: false, findings: [] });
    for (const [module, what] of [
      ['networks.lora_fa', /LoRA-FA/],
      ['networks.dylora', /networks\.dylora/],
      ['networks.loha', /networks\.loha/],
    ] as const) {
      const other = new Fixture(FLUX, ['networks.lora_flux', module]);
      expect(other.reading).toMatchObject({ isLora: false, findings: [{ code: 'other-adapter' }] });
      expect(other.reading.findings[0]?.message).toMatch(what);
    }
    for (const algo of ['loha', 'lokr', 'dylora', 'full', 'ia3', 'diag-oft', 'boft', 'glora']) {
      expect(new Fixture(LYCORIS, ['algo=locon', `algo=${algo}`]).reading.isLora, algo).toBe(false);
    }
  });
});

describe('musubi-tuner', () => {
  it('takes 1 for alpha, has one rate, and LoRA+ in its arguments', () => {
    const wan = new Fixture('musubi/wan.toml');
    expect(wan.reading).toMatchObject({ trainer: 'musubi', trainerName: 'musubi-tuner' });
    expect(wan.recipe()).toMatchObject({
      rank: 32,
      alpha: 1,
      scaling: 1 / 32,
      learningRate: 2e-4,
      loraplusLrRatio: 4,
      optimizer: { row: 'adamw', quantized: true, weightDecay: 0.1 },
      targetModules: 'q,k,v,o,ffn.0,ffn.2',
    });
    expect(wan.codes()).toEqual(['alpha-implied']);
    expect(wan.fixed('alpha-implied')).toContain('network_dim = 32\nnetwork_alpha = 1\n');
  });

  it('rewrites the rate, or the ratio', () => {
    expect(new Fixture('musubi/wan.toml').newLines(4)).toEqual([
      'network_alpha = 4',
      'max_grad_norm = 2.0',
      'learning_rate = 1e-4',
      'optimizer_args = ["weight_decay=0.2", "eps=2e-8"]',
    ]);
    expect(new Fixture('musubi/wan.toml').newLines(4, 'keep-init')).toEqual([
      'network_alpha = 4',
      'network_args = ["loraplus_lr_ratio=1"]',
    ]);
  });

  it('has no default for the optimizer, and is told from sd-scripts by its keys', () => {
    expect(new Fixture('musubi/wan.toml', [/optimizer_type.*\n/, '']).recipe().optimizer.name).toBeNull();
    const hunyuan = new Fixture('musubi/wan.toml', ['lora_wan', 'lora']);
    expect(hunyuan.reading.trainer).toBe('musubi');
    expect(new Fixture('musubi/wan.toml', ['lora_wan', 'lora'], [/dit = .*\n/, '']).reading.trainer).toBe('kohya');
    expect(new Fixture('musubi/wan.toml', ['adamw8bit', 'Lion8bit']).codes()).toContain('optimizer-unknown');
    expect(new Fixture('musubi/dataset.toml').reading).toMatchObject({ isLora: false, findings: [] });
  });
});
