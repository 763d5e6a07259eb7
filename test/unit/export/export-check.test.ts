import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { isExport } from '../../../src/export/python/head';
import { axolotl, exportOf, script, unsloth } from './export-of';

const read = (file: string): string => readFileSync(file, 'utf8');
const AT = { alpha: 64 };

/** The text of an export that must succeed. */
function textOf(...request: Parameters<typeof exportOf>): string {
  const made = exportOf(...request);
  if ('refused' in made) throw new Error(made.refused);
  return made.text;
}

describe('an exported file', () => {
  it.each([
    ['axolotl-llama3.yml', 64],
    ['axolotl-llama3.yml', 48],
    ['llamafactory-qwen.yaml', 64],
  ])('of %s at alpha %d has under 200 lines and is known again, as no config', (name, alpha) => {
    const text = textOf(read(`examples/${name}`), name, { alpha });
    expect(text.split('\n').length).toBeLessThan(200);
    expect(isExport(text)).toBe(true);
    expect(readConfig(text, 'check_alpha.py')).toMatchObject({ isLora: false, findings: [], recipes: [] });
    expect(text).toMatch(/\ntry: main\(\)\nexcept Exception as error: fail\(.*\)\n$/);
    const packages = [...text.matchAll(/^(?:try: )?(?:import|from) (.*)/gm)].flatMap(([, names = '']) =>
      names.split(', '),
    );
    expect(packages).toEqual([...'argparse copy json math os re sys time'.split(' '), 'peft', 'torch', 'transformers']);
  });

  it('has the numbers of the config and of the plan', () => {
    const text = textOf(read('examples/axolotl-llama3.yml'), 'axolotl-llama3.yml', AT);
    expect(text).toContain(
      'CHECK = dict(config="axolotl-llama3.yml", trainer="Axolotl", plan="symmetric", alpha=(16, 64), k=4)\n',
    );
    expect(text).toContain('MODEL, SEED, BATCH = "meta-llama/Llama-3.1-8B-Instruct", 42, 2\n');
    expect(text).toContain('LORA = dict(r=16, target_modules="all-linear", lora_dropout=0.05) ');
    expect(text).toContain('OPTIMIZER, CONSTANTS = torch.optim.AdamW, dict(betas=(0.9, 0.999))\n');
    expect(text).toContain('SCHEDULE, WARMUP, LIMIT = "cosine", 0.03, None ');
    expect(text).toContain(
      '"base": dict(lora=dict(lora_alpha=16), numbers=dict(lr=0.0002, weight_decay=0.01, eps=1e-8), max_norm=1)',
    );
    expect(text).toContain(
      '"rescaled": dict(lora=dict(lora_alpha=64), numbers=dict(lr=0.0001, weight_decay=0.02, eps=2e-8), max_norm=2)',
    );
    expect(text).toContain(
      '"alpha-only": dict(lora=dict(lora_alpha=64), numbers=dict(lr=0.0002, weight_decay=0.01, eps=1e-8), max_norm=1)',
    );
    expect(text).toContain('p.data.div_(2.0)');
    expect(text).not.toContain('"proof": dict');
  });

  it('names the model that a script loads, unless it loads several', () => {
    const named = unsloth().replace('model_name="my/llama"', '"my/llama"');
    expect(textOf(named, 'train.py', AT)).toContain('MODEL, SEED, BATCH = "my/llama", 42, 2');
    const one = script();
    expect(textOf(one, 'train.py', AT)).toContain('MODEL, SEED, BATCH = "my/model", 42, 8');
    const two = one.replace('config = ', 'teacher = AutoModelForCausalLM.from_pretrained("big/model")\nconfig = ');
    expect(textOf(two, 'train.py', AT)).toContain('MODEL, SEED, BATCH = None, 42, 8');
  });

  it('keeps an equation of its top on one line', () => {
    const text = textOf(read('examples/llamafactory-qwen.yaml'), 'a-rather-long-name-of-qwen3.yaml', AT);
    expect(text).toMatch(/\nk = 2\.\n| k = 2\.\n/);
  });

  it('says at its top what of the config is not in it', () => {
    const text = textOf(read('examples/axolotl-llama3.yml'), 'axolotl-llama3.yml', AT);
    const top = text.slice(0, text.indexOf('import')).replaceAll('\n', ' ');
    expect(top).toContain('axolotl-llama3.yml (Axolotl), alpha 64 against alpha 16: plan symmetric, k = 4.');
    for (const key of ['load_in_8bit', 'sample_packing', 'datasets', 'gradient_checkpointing'])
      expect(top).toContain(key);
    for (const key of ['learning_rate', 'lora_r', 'optimizer', 'warmup_ratio']) expect(top).not.toContain(key);
  });

  it('holds no code of a config, whatever its names and values are', () => {
    const values = axolotl('lora_modules_to_save: ["evil()"]').replace('my/llama', String.raw`"x\") + evil() + (\""`);
    const text = textOf(values, '""" \nimport evil\0 %(prog)s\n.yml', AT);
    expect(text.slice(0, text.indexOf('import'))).not.toMatch(/\0|%\(/);
    expect(text.indexOf('"""', 3)).toBe(text.indexOf('"""\nimport argparse'));
    expect(text).toContain(String.raw`MODEL, SEED, BATCH = "x\") + evil() + (\"", 42, 1`);
    expect(text).toContain('modules_to_save=["evil()"]');
  });

  it('has a seed of 0', () => {
    expect(textOf(axolotl('seed: 0'), 'a.yml', AT)).toContain('MODEL, SEED, BATCH = "my/llama", 0, 1');
  });

  it('says of a script that its own code is not in it', () => {
    const top = textOf(script({ args: ', bf16=True' }), 'train.py', AT)
      .split('\nimport')[0]
      ?.replaceAll('\n', ' ');
    expect(top).toContain('what the script itself freezes, hooks or averages, output_dir, max_steps, bf16.');
  });

  it('runs the plan as written and at a power of four too, where k is none', () => {
    const text = textOf(read('examples/axolotl-llama3.yml'), 'axolotl-llama3.yml', { alpha: 48 });
    expect(text).toContain('"as-written": dict(lora=dict(lora_alpha=48), numbers=dict(lr=0.00011547, ');
    expect(text).toContain('"proof": dict(lora=dict(lora_alpha=64), numbers=dict(lr=0.0001, ');
    expect(text).toContain(
      'CODE = {"rescaled": [1.7320508075688774], "as-written": [1.7320508075688774], "proof": [2.0]}',
    );
    expect(text).toContain('p.data.div_(by[0])');
  });

  it('never calls a run the same whose plan is not exact in the trainer, or is written too coarsely', () => {
    expect(textOf(script({ args: ', optim="adafactor"' }), 'train.py', AT)).toMatch(
      /LIMIT = "\w+", [\d.]+, "[^"]*no key for eps/,
    );
    const coarse = textOf(axolotl(), 'a.yml', { alpha: 48 }, 'symmetric', 2);
    expect(coarse).toContain(', "its numbers are written with too few digits"  # LIMIT');
    expect(textOf(axolotl(), 'a.yml', AT, 'lr-only')).not.toMatch(/LIMIT = .*, None {2}#/);
  });

  it.each([
    [
      'LoRA+',
      script({
        imports: 'from peft.optimizers import create_loraplus_optimizer',
        before:
          'optimizer = create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=8.0)',
        handed: ', optimizers=(optimizer, None)',
      }),
      ['NO_DECAY, VECTORS_WITH_B = r"bias", True', 'ratio=8,'],
    ],
    [
      'Unsloth',
      unsloth(),
      ['MODEL, SEED, BATCH = "my/llama", 42, 2', 'adamw_8bit is built as torch.optim.AdamW', 'weight_decay=0.002'],
    ],
    ['rsLoRA', script({ lora: ', use_rslora=True' }), ['lora=dict(lora_alpha=64, use_rslora=True)']],
    ['PiSSA', script({ lora: ', init_lora_weights="pissa"' }), ['init_lora_weights="pissa"', 'CODE = {}']],
    [
      'DoRA',
      script({ lora: ', use_dora=True', args: ', max_grad_norm=0.0' }),
      ['use_dora=True', 'optimizer.param_groups.append(group)'],
    ],
    [
      'patterns',
      script({ lora: ', rank_pattern={"k_proj": 4}, alpha_pattern={"k_proj": 8}' }),
      ['rank_pattern={"k_proj": 4}', 'alpha_pattern={"k_proj": 32}'],
    ],
    ['a fused optimizer', script({ args: ', optim="adamw_torch_fused"' }), ['fused=True']],
    [
      '8 bits',
      axolotl('optimizer: adamw_bnb_8bit'),
      ['torch.optim.AdamW', 'adamw_bnb_8bit is built as torch.optim.AdamW'],
    ],
    ['Lion', axolotl('optimizer: lion_32bit'), ['class Lion(torch.optim.Optimizer)', 'Lion(groups, own)']],
  ])('builds %s', (_, text, parts) => {
    const made = textOf(text, text.startsWith('base_model') ? 'a.yml' : 'train.py', AT);
    const rounded = textOf(text, text.startsWith('base_model') ? 'a.yml' : 'train.py', { alpha: 48 });
    const flat = made.replaceAll('\n', ' ');
    for (const part of parts) expect(flat).toContain(part);
    expect(rounded.split('\n').length).toBeLessThanOrEqual(200);
  });
});
