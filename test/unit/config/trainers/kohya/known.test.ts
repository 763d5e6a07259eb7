import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import type { PlanId } from '../../../../../src/recipe/plans/plan';

const TOML = 'network_dim = 8\nnetwork_alpha = 4\nlearning_rate = 2e-3\nmax_grad_norm = 0\n';
const lora = (lines: string, module = 'networks.lora'): string => `network_module = "${module}"\n${TOML}${lines}\n`;
const lycoris = (...args: readonly string[]): string =>
  lora(`network_args = ${JSON.stringify(['algo=lora', ...args])}`, 'lycoris.kohya');
const GUI = { LoRA_type: 'LyCORIS/LoCon', network_dim: 8, network_alpha: 4, unet_lr: 2e-3, learning_rate: 2e-3 };

/** Codes of the caveats that keep a plan from being exact. */
function limitsOf(text: string, path = 'a.toml', id: PlanId = 'symmetric'): string[] {
  const { plans } = planConfig(text, readConfig(text, path), 0, 16);
  const plan = plans.find((each) => each.id === id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan.caveats.filter(({ limits }) => limits === 'approximate').map(({ code }) => code);
}

describe('what LyCORIS trains beside A and B', () => {
  // Every word but false is yes.
  it.each(['True', 'true', '1', '0', 'yes', 'no', 'on'])('takes %s for yes', (yes) => {
    expect(limitsOf(lycoris(`use_scalar=${yes}`))).toContain('trained-scalar');
    expect(limitsOf(lycoris(`train_norm=${yes}`))).toContain('unscaled-parameters');
    const { recipes } = readConfig(lycoris(`rs_lora=${yes}`, `dora_wd=${yes}`), 'a.toml');
    expect(recipes[0]).toMatchObject({ useDora: true, scalingRule: 'rslora' });
  });

  it.each(['False', 'false', 'FALSE'])('takes %s for no', (no) => {
    const text = lycoris(`use_scalar=${no}`, `train_norm=${no}`, `use_tucker=${no}`, `rs_lora=${no}`, `dora_wd=${no}`);
    expect(limitsOf(text)).toEqual([]);
    expect(readConfig(text, 'a.toml').recipes[0]).toMatchObject({ useDora: false, scalingRule: 'standard' });
  });

  it.each(['use_tucker', 'use_cp', 'use_conv_cp', 'disable_conv_cp'])('has a Tucker core by %s', (name) => {
    expect(limitsOf(lycoris('conv_dim=4', 'conv_alpha=2', `${name}=True`))).toContain('unscaled-parameters');
    expect(limitsOf(lycoris('conv_dim=4', `${name}=True`), 'a.toml', 'keep-init')).not.toContain('unscaled-parameters');
    // Other modules know no such switch.
    expect(limitsOf(lora(`network_args = ["${name}=True"]`))).not.toContain('unscaled-parameters');
  });

  it('has a Tucker core in the interface too', () => {
    expect(limitsOf(JSON.stringify({ ...GUI, use_tucker: true }), 'a.json')).toContain('unscaled-parameters');
    expect(limitsOf(JSON.stringify({ ...GUI, use_tucker: false }), 'a.json')).not.toContain('unscaled-parameters');
    const standard = JSON.stringify({ ...GUI, LoRA_type: 'Standard', use_tucker: true });
    expect(limitsOf(standard, 'a.json')).not.toContain('unscaled-parameters');
  });
});

describe('regularisers with a scale of their own', () => {
  it('is approximate under GGPO, where both of its arguments stand', () => {
    const ggpo = (args: string, module = 'networks.lora_flux'): string[] =>
      limitsOf(lora(`network_args = [${args}]`, module));
    expect(ggpo('"ggpo_sigma=0.1", "ggpo_beta=1.0"')).toEqual(['perturbed-weights']);
    expect(ggpo('"ggpo_sigma=0.1"')).toEqual([]);
    expect(ggpo('"ggpo_sigma=0.1", "ggpo_beta=1.0"', 'networks.lora')).toEqual([]);
    const flux = { ...GUI, LoRA_type: 'Flux1', ggpo_sigma: 0.03, ggpo_beta: 0.01 };
    expect(limitsOf(JSON.stringify({ ...flux, train_lora_ggpo: true }), 'a.json')).toContain('perturbed-weights');
    expect(limitsOf(JSON.stringify({ ...flux, train_lora_ggpo: false }), 'a.json')).not.toContain('perturbed-weights');
  });

  it('is approximate where norms are measured with the alpha of loaded weights', () => {
    expect(limitsOf(lora('scale_weight_norms = 1.0\nnetwork_weights = "a.safetensors"'))).toContain('max-norm-by-file');
    expect(limitsOf(lora('scale_weight_norms = 1.0'))).toEqual([]);
  });
});

it('does not move a learning rate that the schedule replaces', () => {
  const adafactor = (args: string): string =>
    lora(`optimizer_type = "AdaFactor"\nlr_scheduler = "adafactor:1e-5"\noptimizer_args = [${args}]`);
  expect(limitsOf(adafactor('"relative_step=False", "scale_parameter=False"'))).toContain('rate-overridden');
  expect(limitsOf(adafactor('"scale_parameter=False"'))).not.toContain('rate-overridden');
});

describe('what nobody knows of a kohya config', () => {
  it.each([
    ['an argument of the network', lora('network_args = ["conv_dim=4", "magic=3"]'), 'magic=3', true],
    ['one that is on', lora('network_args = ["magic=True"]'), 'magic=True', false],
    ['an argument of LyCORIS', lycoris('magic=3'), 'magic=3', true],
    ['a network module', lora('', 'networks.lora_mine'), 'networks.lora_mine', false],
    ['a preset in a file', lycoris('preset=mine.toml'), 'mine.toml', true],
    ['a learning rate', lora('lora_up_lr = 1e-3'), 'lora_up_lr = 1e-3', true],
    ['a preset of the interface', JSON.stringify({ ...GUI, LyCORIS_preset: 'mine.toml' }), 'mine.toml', true],
    ['a setting of the interface', JSON.stringify({ ...GUI, lora_b_lr: 0.1 }), '"lora_b_lr":0.1', true],
    ['a further flag', JSON.stringify({ ...GUI, additional_parameters: '--lora_lr=3' }), 'lora_lr=3', true],
  ])('names %s', (_, text, source, mayMove) => {
    const { notUnderstood } = readConfig(text, text.startsWith('{') ? 'a.json' : 'a.toml');
    expect(notUnderstood.map((each) => [each.source, each.mayMove])).toEqual([[source, mayMove]]);
  });

  it.each([
    lora('network_args = ["magic=False", "conv_dim=4", "conv_alpha=1", "loraplus_lr_ratio=4"]'),
    lora('lr_warmup_steps = 10\nalpha_mask = true\nlr_scheduler_num_cycles = 1\nnetwork_train_unet_only = true'),
    lycoris('preset=attn-mlp', 'factor=8', 'bypass_mode=True'),
    JSON.stringify({ ...GUI, LyCORIS_preset: 'full', additional_parameters: '--max_grad_norm=0 --seed=1' }),
  ])('understands %s', (text) => {
    expect(readConfig(text, text.startsWith('{') ? 'a.json' : 'a.toml').notUnderstood).toEqual([]);
  });
});

it('moves rates behind patterns that need escapes', () => {
  const text = lora(
    String.raw`network_args = ["network_reg_lrs=double_blocks\\.1=1e-3,single=5e-4"]`,
    'networks.lora_flux',
  );
  const { plans } = planConfig(text, readConfig(text, 'a.toml'), 0, 16);
  const moved = plans[0]?.rows.filter(({ key }) => key.startsWith('network_args')).map(({ from, to }) => [from, to]);
  expect(moved).toEqual([
    ['1e-3', '5e-4'],
    ['5e-4', '2.5e-4'],
  ]);
});

describe('optimizers that take one rate for all', () => {
  it.each([
    ['a text encoder at another rate', 'unet_lr = 1.0\ntext_encoder_lr = 0.5', true],
    ['several text encoders', 'unet_lr = 1.0\ntext_encoder_lr = [1.0, 0.5]', true],
    ['one rate', 'unet_lr = 1.0\ntext_encoder_lr = 1.0', false],
    ['a part that is left out', 'unet_lr = 1.0\ntext_encoder_lr = 0', false],
    [
      'a text encoder that does not train',
      'network_train_unet_only = true\nunet_lr = 1.0\ntext_encoder_lr = 0.5',
      false,
    ],
  ])('stop at two, exact or not: %s', (_, lines, isRefused) => {
    expect(limitsOf(lora(`optimizer_type = "Prodigy"\n${lines}`)).includes('rates-refused')).toBe(isRefused);
    expect(limitsOf(lora(`optimizer_type = "AdamW"\n${lines}`))).not.toContain('rates-refused');
  });
});
