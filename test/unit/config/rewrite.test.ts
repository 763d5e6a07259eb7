import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/config/write/edits';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';
import type { PlanId } from '../../../src/recipe/plans/plan';
import { AXOLOTL, KOHYA, LLAMAFACTORY, LLAMAFACTORY_V1, PEFT, TORCHTUNE, type Sample } from './samples';

const rewrite = ({ text, path }: Sample, alpha: number, plan: PlanId = 'symmetric'): ReturnType<typeof rewriteConfig> =>
  rewriteConfig(text, readConfig(text, path), 0, alpha, plan, {});
function rewritten(sample: Sample, alpha: number, plan: PlanId = 'symmetric'): string {
  const result = rewrite(sample, alpha, plan);
  if ('refusal' in result) throw new Error(result.refusal.message);
  return applyEdits(sample.text, result.edits);
}
const refusal = (sample: Sample, alpha = 64): string => {
  const result = rewrite(sample, alpha);
  return 'refusal' in result ? result.refusal.code : 'none';
};
const changed = (sample: Sample, from: string | RegExp, to: string): Sample => ({
  ...sample,
  text: sample.text.replace(from, to),
});

describe('rewriteConfig', () => {
  it('writes an Axolotl file: values in place, defaults beside them, comments kept', () => {
    expect(rewritten(AXOLOTL, 64)).toBe(`base_model: some/model
adapter: lora
lora_r: 16
lora_alpha: 64 # equal to the rank
lora_target_linear: true
optimizer: adamw_torch
learning_rate: 1.5e-4
weight_decay: 0.02
max_grad_norm: 2.0
adam_epsilon: 2e-8
`);
  });

  it('writes alpha down behind the rank where it was a default', () => {
    expect(rewritten(LLAMAFACTORY, 48)).toBe(`### method
stage: sft
finetuning_type: lora
lora_rank: 8
lora_alpha: 48

### train
learning_rate: 5.7735e-5
max_grad_norm: 1.73205
adam_epsilon: 1.73205e-8
`);
  });

  it('writes into one of several documents, and leaves the others alone', () => {
    const [one, other] = [16, 8].map(
      (alpha) => `run: {rank: 8, lora_alpha: ${alpha}, learning_rate: 1.0e-4, optimizer: sgd}\n`,
    );
    const text = `${other}---\n${one}`;
    const result = rewriteConfig(text, readConfig(text, 'a.yml'), 1, 64, 'symmetric', {});
    const after = 'edits' in result ? applyEdits(text, result.edits) : '';
    expect(after.startsWith(`${other}---\nrun: {rank: 8, lora_alpha: 64`)).toBe(true);
  });

  it('writes nested keys where they belong', () => {
    expect(rewritten(TORCHTUNE, 64)).toBe(
      TORCHTUNE.text
        .replace('lora_alpha: 16', 'lora_alpha: 64')
        .replace('  lr: 3e-4\n', '  lr: 1.5e-4\n  weight_decay: 0.02\n  eps: 2e-8\n'),
    );
    expect(rewritten(LLAMAFACTORY_V1, 128)).toBe(
      LLAMAFACTORY_V1.text
        .replace('lora_alpha: 32', 'lora_alpha: 128')
        .replace('learning_rate: 1.0e-4\n', 'learning_rate: 5.0e-5\nmax_grad_norm: 2.0\n'),
    );
  });

  it('writes into argument lists', () => {
    expect(rewritten(KOHYA, 64)).toBe(`[network]
network_module = "networks.lora"
network_dim = 32
network_alpha = 64
network_args = ["conv_dim=8", "conv_alpha=16"]

[optimizer]
optimizer_type = "AdamW"
max_grad_norm = 2.0
unet_lr = 5e-5
text_encoder_lr = 2.5e-5
optimizer_args = ["weight_decay=0.02", "betas=0.9,0.99", "eps=2e-8"]
`);
  });

  it('begins an argument list where there is none, or an empty one', () => {
    const list = 'optimizer_args = ["weight_decay=0.02", "eps=2e-8"]';
    expect(rewritten(changed(KOHYA, /optimizer_args.*\n/, ''), 64)).toContain(`optimizer_type = "AdamW"\n`);
    expect(rewritten(changed(KOHYA, /optimizer_args.*\n/, ''), 64)).toContain(`${list}\n`);
    expect(rewritten(changed(KOHYA, /optimizer_args = .*\n/, 'optimizer_args = [ ]\n'), 64)).toContain(`${list}\n`);
    expect(rewritten(changed(KOHYA, ', "conv_alpha=4"', ''), 64)).toContain('["conv_dim=8", "conv_alpha=4"]');
  });

  it('moves each rate of a list', () => {
    const sample = changed(KOHYA, 'text_encoder_lr = 5e-5', 'text_encoder_lr = [5e-5, 2e-5]');
    expect(rewritten(sample, 64)).toContain('text_encoder_lr = [2.5e-5, 1e-5]');
  });

  it('leaves a part that is not trained at its rate of 0', () => {
    const text = rewritten(changed(KOHYA, 'text_encoder_lr = 5e-5', 'text_encoder_lr = 0'), 64);
    expect(text).toContain('text_encoder_lr = 0\n');
  });

  it('writes an alpha of 0 over', () => {
    const sample = changed(KOHYA, 'network_alpha = 16', 'network_alpha = 0');
    expect(rewritten(sample, 64)).toContain('network_alpha = 64\n');
  });

  it('keeps JSON as it was, and moves every pattern', () => {
    expect(rewritten(PEFT, 128)).toBe(
      PEFT.text
        .replace('"lora_alpha": 64', '"lora_alpha": 128')
        .replace('"model.layers.0.q_proj": 16', '"model.layers.0.q_proj": 32')
        .replace('"v_proj": 32', '"v_proj": 64'),
    );
    expect(rewritten(changed(PEFT, '"lora_alpha": 64', '"lora_alpha": "64"'), 128)).toContain('"lora_alpha": "128"');
    expect(rewritten(changed(PEFT, /"lora_alpha": 64,\n/, '"lora_alpha": null,\n'), 16)).toContain('"lora_alpha": 16,');
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['no line end at the end', (text: string) => text.trimEnd()],
    ['an indented document', (text: string) => text.replace(/^(?=.)/gm, '        ')],
    ['comments that are not ASCII', (text: string) => `# 学習率 𝛼\n${text}`],
    ['quoted keys', (text: string) => text.replace('learning_rate:', '"learning_rate":')],
  ])('keeps %s', (_, change) => {
    const expected = change(rewritten(AXOLOTL, 64));
    expect(rewritten({ ...AXOLOTL, text: change(AXOLOTL.text) }, 64)).toBe(expected);
  });

  it('keeps quotes, tabs and flow maps', () => {
    expect(rewritten(changed(AXOLOTL, '3e-4', "'3e-4'"), 64)).toContain("learning_rate: '1.5e-4'\n");
    const tabs = { ...PEFT, text: PEFT.text.replaceAll('  ', '\t') };
    expect(rewritten(tabs, 128)).toContain('\t"lora_alpha": 128,\n');
    const flow = changed(TORCHTUNE, /optimizer:\n.*\n.*\n/, 'optimizer: {_component_: torch.optim.AdamW, lr: 3e-4}\n');
    expect(rewritten(flow, 64)).toContain(
      'optimizer: {_component_: torch.optim.AdamW, lr: 1.5e-4, weight_decay: 0.02, eps: 2e-8}\n',
    );
  });

  it.each([
    ['max_grad_norm: 1.0', 'max_grad_norm: 2.0'],
    ['max_grad_norm: 1', 'max_grad_norm: 2'],
    ['max_grad_norm: 1e0', 'max_grad_norm: 2e0'],
  ])('keeps whole numbers whole and the others not: %s', (from, to) => {
    expect(rewritten(changed(AXOLOTL, /$/, `${from}\n`), 64)).toContain(`${to}\n`);
    expect(rewritten(changed(TORCHTUNE, 'lora_alpha: 16', 'lora_alpha: 16.0'), 64)).toContain('lora_alpha: 64.0\n');
  });

  it('fills in a key that has no value', () => {
    const sample = changed(AXOLOTL, /$/, 'max_grad_norm:\nadam_epsilon: # trainer’s\n');
    const text = rewritten(sample, 64);
    expect(text).toContain('max_grad_norm: 2.0\nadam_epsilon: 2e-8 # trainer’s\n');
  });

  it('writes nothing where nothing moves', () => {
    expect(rewritten(AXOLOTL, 16)).toBe(AXOLOTL.text);
  });

  it.each([
    ['an alpha under an anchor', 'yaml-shared', changed(AXOLOTL, 'lora_alpha: 16', 'lora_alpha: &a 16\nother: *a')],
    ['an interpolated alpha', 'interpolated', changed(TORCHTUNE, 'lora_alpha: 16', 'lora_alpha: ${model.lora_rank}')],
    ['ranks from weights', 'alpha-from-weights', changed(KOHYA, /$/, 'dim_from_weights = true\n')],
    ['an adapter that goes on', 'continues-adapter', changed(AXOLOTL, /$/, 'lora_model_dir: ./old\n')],
    ['another network’s fault', 'value-invalid', changed(KOHYA, 'conv_alpha=4', 'conv_alpha=-4')],
    ['an unknown optimizer', 'optimizer-unknown', changed(AXOLOTL, 'adamw_torch', 'polora')],
  ])('refuses %s', (_, code, sample) => {
    expect(refusal(sample)).toBe(code);
  });

  describe('of command lines and scripts', () => {
    const kohya = (path: string, ...lines: string[]): Sample => ({ path, text: `${lines.join('\n')}\n` });

    it('adds flags, not overrides, beside a stray word that no program of flags takes', () => {
      const sample = kohya('a.sh', 'python train_network.py --network_module=networks.lora ning_rate=1e-4');
      expect(rewritten(sample, 4)).toBe(
        'python train_network.py --network_module=networks.lora --network_alpha=4 --learning_rate=1.0e-6 --max_grad_norm=2.0 --optimizer_args "weight_decay=0.02" "eps=2.0e-8" ning_rate=1e-4\n',
      );
    });

    it('adds no word to a list of arguments in PowerShell', () => {
      const text = rewritten(
        kohya(
          'a.ps1',
          '$ext_args = @("--network_alpha=16")',
          'accelerate launch train_network.py `',
          '  --network_module="networks.lora" `',
          '  --network_dim=4 $ext_args',
        ),
        64,
      );
      expect(text).toContain('$ext_args = @("--network_alpha=64")\n');
      expect(text).toContain('learning_rate=1.0e-6');
    });

    it('says that a flag has several values, and writes no second one beside it', () => {
      const lines = ['megatron sft --load m --train_type lora --lora_rank 8 --lora_alpha 32 = --lr 1e-4'];
      expect(refusal(kohya('a.sh', ...lines), 128)).toBe('several-values');
    });

    it('writes nothing into a call that nothing closes', () => {
      const text =
        'from unsloth import FastLanguageModel\nmodel = FastLanguageModel.get_peft_model(\n    model,\n    r = 8';
      expect(refusal({ path: 'a.py', text })).toBe('no-place');
    });

    it('puts the comma of the last argument before the lines that follow it', () => {
      const text = [
        'import loralib as lora',
        'import torch',
        'x = lora.Linear(4, 4, r=8, lora_alpha=32)',
        'o = torch.optim.AdamW(p,',
        '    amsgrad=False',
        ')',
        '',
      ].join('\n');
      expect(rewritten({ path: 'a.py', text }, 128)).toContain(
        '    amsgrad=False,\n    lr=5.0e-4,\n    weight_decay=0.02,\n    eps=2.0e-8,\n)',
      );
    });
  });

  it('refuses an alpha the trainer would not take', () => {
    expect(refusal(AXOLOTL, 22.5)).toBe('alpha-not-whole');
  });
});
