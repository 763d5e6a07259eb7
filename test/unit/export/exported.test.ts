import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AdapterNumbers } from '../../../src/config/compare/adapter-differs';
import { readConfig } from '../../../src/config/read';
import { adapterConversion, exportConversion } from '../../../src/export/conversion';
import { exportCheck } from '../../../src/export/export-check';
import { sweepFile } from '../../../src/export/sweep';
import type { Exported } from '../../../src/export/refusal';
import type { PlanId } from '../../../src/recipe/plans/plan';
import type { Target } from '../../../src/recipe/target';
import { axolotl, requestOf, script, unsloth } from './export-of';

/** What exports take from configs, in full: each case and its text is in exported.txt; `vitest -u` writes it anew. */
interface Case {
  text: string;
  target?: Target;
  id?: PlanId;
  digits?: number;
  index?: number;
}

const FACTORY = 'model_name_or_path: m\nstage: sft\nfinetuning_type: lora\nlora_rank: 8\nlearning_rate: 1.0e-4\n';
const KOHYA =
  'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 16\nlearning_rate = 1e-4\noptimizer_type = "AdamW"\n';
const example = (name: string): string => readFileSync(`examples/${name}`, 'utf8');
const PATTERNS = ', rank_pattern={"k_proj": 4}, alpha_pattern={"k_proj": 8}';
const ALPHA_48 = { target: { alpha: 48 } };
const LORAPLUS = script({
  imports: 'from peft.optimizers import create_loraplus_optimizer',
  before:
    'optimizer = create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=8.0)',
  handed: ', optimizers=(optimizer, None)',
});
const TEACHER = 'teacher = AutoModelForCausalLM.from_pretrained("big/model")\nconfig = ';

const CHECKS: Readonly<Record<string, string | Case>> = {
  'Axolotl, an example': example('axolotl-llama3.yml'),
  'Axolotl, a k that is no power of four': { text: example('axolotl-llama3.yml'), ...ALPHA_48 },
  'LLaMA-Factory, an example': example('llamafactory-qwen.yaml'),
  'a script': script(),
  'a script that loads two models': script().replace('config = ', TEACHER),
  'a script that leaves the targets to PEFT': script().replace(/, target_modules=\[.*?\]/, ''),
  'bias and init': script({ lora: ', bias="lora_only", init_lora_weights="gaussian"' }),
  'a task type without a head': script({ lora: ', task_type="CAUSAL_LM"' }),
  rsLoRA: script({ lora: ', use_rslora=True' }),
  PiSSA: script({ lora: ', init_lora_weights="pissa"' }),
  DoRA: script({ lora: ', use_dora=True', args: ', max_grad_norm=0.0' }),
  patterns: script({ lora: PATTERNS }),
  'LoRA+': LORAPLUS,
  'a fused optimizer': script({ args: ', optim="adamw_torch_fused"' }),
  'Adafactor, which has no key for eps': script({ args: ', optim="adafactor"' }),
  'targets and modules that train whole': axolotl('lora_target_modules: [q_proj]', 'lora_modules_to_save: [lm_head]'),
  'targets beside all linear layers': axolotl('lora_target_modules: [q_proj]', 'lora_target_linear: true'),
  'names with quotes': axolotl('lora_target_modules: [\'say "q"\', "it\'s"]'),
  'many targets': axolotl(`lora_target_modules: [${Array.from('abcdefghijklmno', (of) => `${of}_projection`).join()}]`),
  'a seed of 0': axolotl('seed: 0'),
  'a linear schedule': axolotl('lr_scheduler: linear'),
  'a share that warms up': axolotl('lr_scheduler: cosine', 'warmup_ratio: 0.03'),
  'steps that warm up': axolotl('lr_scheduler: constant_with_warmup', 'warmup_steps: 100'),
  'numbers with two digits': { text: axolotl(), ...ALPHA_48, digits: 2 },
  'a LoRA+ ratio drops the decay': { text: axolotl('weight_decay: 0.1'), id: 'keep-init' },
  'the learning rate alone': { text: axolotl(), id: 'lr-only' },
  ...Object.fromEntries(
    [
      ...['adamw_torch', 'adamw_torch_fused', 'adamw_bnb_8bit', 'sgd', 'rmsprop\noptim_args: momentum=0.9'],
      'sgd\noptim_args: momentum=0.9,nesterov=true',
      ...['adafactor', 'lion_32bit', 'adagrad', 'came_pytorch', 'ademamix', 'schedule_free_adamw', 'galore_adamw'],
    ].map((name) => [`optimizer: ${name.replace('\n', ', ')}`, axolotl(`optimizer: ${name}`)]),
  ),
  'LLaMA-Factory, PiSSA': `${FACTORY}lora_target: q_proj,v_proj\npissa_init: true\nadditional_target: a,b\n`,
  'LLaMA-Factory, one module trained whole': `${FACTORY}additional_target: lm_head\n`,
  'LLaMA-Factory, all layers': `${FACTORY}lora_target: all\n`,
  Unsloth: unsloth('r=8, bias="none", use_gradient_checkpointing="unsloth", random_state=3407, loftq_config=None'),
  'Unsloth, a model without its keyword': unsloth().replace('model_name="my/llama"', '"my/llama"'),
  TRL: 'model_name_or_path: m\nuse_peft: true\nlora_r: 4\nlora_alpha: 8\nlearning_rate: 1e-4\n',
  // Refused.
  'a trainer without PEFT': example('torchtune-llama.yaml'),
  kohya: example('kohya-sdxl.toml'),
  'a part that was not understood': script({ before: 'args.learning_rate = rate' }),
  'an adapter without a learning rate': '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}',
  'an init that needs data': script({ lora: ', init_lora_weights="corda"' }),
  'a head': script({ lora: ', task_type="SEQ_CLS"' }),
  'another kind of LoRA': script({ lora: ', layer_replication=[[0, 2]]' }),
  'a continued adapter': axolotl('lora_model_dir: out'),
  'embeddings that Unsloth trains whole': unsloth().replace('["q_proj"]', '["q_proj", "lm_head"]'),
  'experts that Unsloth adapts too': unsloth().replace('my/llama', 'unsloth/Qwen3-30B-A3B'),
  'experts of a model without its keyword': unsloth().replace('model_name="my/llama"', '"unsloth/gpt-oss-20b"'),
  'targets by kinds of layers': unsloth('finetune_mlp_modules=True'),
  'rates of groups': axolotl('embedding_lr: 1e-5'),
  'a schedule with a floor': axolotl('lr_scheduler: cosine_with_min_lr', 'lr_scheduler_kwargs: {min_lr: 1e-5}'),
  'arguments of a schedule': axolotl('lr_scheduler: cosine', 'lr_scheduler_kwargs: {num_cycles: 2}'),
  'a polynomial schedule': axolotl('lr_scheduler: polynomial'),
  'a one-cycle schedule': axolotl('lr_scheduler: one_cycle'),
  'LoRA+ on embeddings': axolotl('loraplus_lr_ratio: 4', 'lora_target_modules: [q_proj, embed_tokens]'),
  'an embedding beside all linear layers': axolotl('lora_target_linear: true', 'lora_target_modules: [wte]'),
  'a resized vocabulary': `${FACTORY}lora_target: q_proj\nresize_vocab: true\n`,
  'a pattern inside an adapter': { text: script({ lora: ', rank_pattern={"k_proj": 4}' }), index: 1 },
  'the scaling that the config has': { text: axolotl(), target: { alpha: 16 } },
  'a switch of rsLoRA with several ranks': { text: script({ lora: PATTERNS }), target: { rslora: true } },
};

const KWARGS = ', lr_scheduler_type="cosine_with_min_lr", lr_scheduler_kwargs=';
const UNCLIPPED = { args: ', max_grad_norm=0.0' };

const CONVERSIONS: Readonly<Record<string, string | Case>> = {
  'the plan symmetric': axolotl('optimizer: adamw_torch'),
  'the plan keep-init': { text: axolotl('optimizer: adamw_torch'), id: 'keep-init' },
  'a floor of the schedule': script({ args: `${KWARGS}{"min_lr": 1e-5}` }),
  'clipping and eps, which are defaults': script(),
  'numbers of one factor': { text: script(UNCLIPPED), id: 'keep-init' },
  'a run that goes on already': script(UNCLIPPED).replace('train()', 'train(resume_from_checkpoint="out/x")'),
  'a plan that is less than exact': script({ lora: ', modules_to_save=["lm_head"]' }),
  // Refused.
  'a plan that is another run': { text: axolotl('optimizer: adamw_torch'), id: 'lr-only' },
  'an adapter that PEFT does not build': `pretrained_model_name_or_path = "x"\n${KOHYA}`,
  'an init that takes scaling·B·A from the frozen weights': script({ lora: ', init_lora_weights="olora"' }),
  'an optimizer without a rule': axolotl('optimizer: came_pytorch'),
};

const TRAINED: AdapterNumbers = { rank: 8, scaling: 0.5, alpha: 4, scalingRule: 'standard' };
const RSLORA: AdapterNumbers = { rank: 8, scaling: 2 * 8 ** 0.5, alpha: 16, scalingRule: 'rslora' };

const ADAPTERS: Readonly<Record<string, [text: string, adapter: AdapterNumbers]>> = {
  'the scaling of the adapter to that of the file': [axolotl('optimizer: adamw_torch'), TRAINED],
  'the rules of both': [axolotl(), RSLORA],
  // Refused.
  'another rank': [axolotl(), { ...TRAINED, rank: 16 }],
  'a trainer with its own format': [KOHYA, TRAINED],
  'an init with other frozen weights': [axolotl('peft_init_lora_weights: olora'), TRAINED],
  'an unknown state': [axolotl('optimizer: came_pytorch'), TRAINED],
};

function fileOf(text: string): string {
  if (/^(import|from) /.test(text)) return 'train.py';
  if (text.startsWith('{')) return 'adapter_config.json';
  return / = /.test(text) && !/^\w+: /m.test(text) ? 'a.toml' : 'a.yml';
}

/** The text at the top of a file, and its numbers; the code of the plan and what every file has are left out. */
function headOf(made: Exported, first: RegExp, last: RegExp): string {
  if ('refused' in made) return `refused: ${made.refused}`;
  const lines = made.text.split('\n');
  const top = made.text.slice(0, made.text.indexOf('\n\nimport '));
  const [from, to] = [first, last].map((pattern) => lines.findIndex((line) => pattern.test(line)));
  const text = [top, ...lines.slice(from, (to ?? 0) + 1)].join('\n');
  return text.replace(/\n\n\ndef fail[^]*?sys\.exit\(2\)\n\n/, '');
}

const FOLDER = mkdtempSync(join(tmpdir(), 'lora-alpha-exported-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));
let files = 0;

/** Keeps an exported file for ruff. */
function keep(made: Exported): void {
  if ('text' in made) writeFileSync(join(FOLDER, `${files++}.py`), made.text);
}

/** The ruff of the PATH, or that of PyPI; null where there is neither. */
function ruff(): string | null {
  const own = resolve('.cache/ruff/bin/ruff');
  const found = (): string | undefined => [own, 'ruff'].find((each) => spawnSync(each, ['--version']).status === 0);
  if (found() === undefined) {
    spawnSync('python3', ['-m', 'venv', '.cache/ruff']);
    spawnSync('.cache/ruff/bin/pip', ['install', '--retries', '0', '--timeout', '10', 'ruff==0.17.6']);
  }
  return found() ?? null;
}

describe('what is taken from a config', () => {
  it.each([
    ['checks', CHECKS, exportCheck, /^CHECK/, /^CODE/],
    ['conversions', CONVERSIONS, exportConversion, /^OLD/, /^OPTIMIZER/],
  ] as const)('by %s', async (name, cases, make, first, last) => {
    const texts = Object.entries(cases).map(([title, asked]) => {
      const { text, target = { alpha: 64 }, id, digits, index } = typeof asked === 'string' ? { text: asked } : asked;
      const made = make(requestOf(text, fileOf(text), target, id, digits, index));
      keep(made);
      expect('refused' in made ? made.refused : 'One.').toMatch(/^[^\n]+\.$/);
      return `--- ${title}\n${headOf(made, first, last)}\n`;
    });
    await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, `${name}.txt`));
  });

  it('by conversions of adapters', async () => {
    const texts = Object.entries(ADAPTERS).map(([title, [text, adapter]]) => {
      const made = adapterConversion(text, readConfig(text, fileOf(text)), adapter, fileOf(text));
      return `--- ${title}\n${headOf(made, /^OLD/, /^OPTIMIZER/)}\n`;
    });
    await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'adapters.txt'));
  });

  it('in lines of 100 characters, as ruff formats them', ({ skip }) => {
    keep(sweepFile([{ name: 'alpha_64_rank_8_symmetric.py', text: '' }]));
    expect(files).toBeGreaterThan(40);
    const long = Array.from({ length: files }, (_, i) => readFileSync(join(FOLDER, `${i}.py`), 'utf8').split('\n'))
      .flat()
      .filter((line) => line.length > 100);
    expect(long).toEqual([]);
    const program = ruff();
    if (program === null) return skip('there is no ruff, and none can be had from PyPI');
    const { status, stdout } = spawnSync(program, ['format', '--isolated', '--line-length', '100', '--diff', FOLDER]);
    expect({ status, diff: stdout.toString().slice(0, 2000) }).toEqual({ status: 0, diff: '' });
  });
});
