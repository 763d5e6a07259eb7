import { configRecipe } from '../../../src/config/compare/config-recipe';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { batchFile } from '../../../src/export/batch';
import { exportCheck } from '../../../src/export/export-check';
import { sweepFile, sweptChecks } from '../../../src/export/sweep';
import { script } from '../../unit/export/export-of';

/** Exported files as JSON on standard output, for run.py, swept.py and batched.py, which run them. */

interface Case {
  /** The script that is exported, and the architecture of the tiny model. */
  script: Parameters<typeof script>[0];
  tiny?: string;
  targets?: string;
  /** Factors of the scaling that are a part of `npm test`. */
  quick?: readonly number[];
}

const OWN = { handed: ', optimizers=(optimizer, None)' };
const LORAPLUS =
  'create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=8.0)';
const ADAFACTOR = 'Adafactor(model.parameters(), lr=2e-3, scale_parameter=False, relative_step=False)';

const CASES: Readonly<Record<string, Case>> = {
  AdamW: { script: { args: ', optim="adamw_torch", weight_decay=0.1' }, quick: [4, 3] },
  'fused AdamW': { script: { args: ', optim="adamw_torch_fused", weight_decay=0.1' } },
  SGD: { script: { args: ', optim="sgd", learning_rate=0.5, optim_args="momentum=0.9"' }, quick: [4] },
  Adafactor: {
    script: { imports: 'from transformers import Adafactor', before: `optimizer = ${ADAFACTOR}`, ...OWN },
  },
  Lion: {
    script: {
      imports: 'from lion_pytorch import Lion',
      before: 'optimizer = Lion(model.parameters(), lr=3e-4, weight_decay=0.1)',
      ...OWN,
    },
  },
  'LoRA+': {
    script: {
      imports: 'from peft.optimizers import create_loraplus_optimizer',
      before: `optimizer = ${LORAPLUS}`,
      ...OWN,
    },
    quick: [4],
  },
  rsLoRA: { script: { lora: ', use_rslora=True' } },
  DoRA: { script: { lora: ', use_dora=True', args: ', max_grad_norm=0.0' }, quick: [4] },
  PiSSA: { script: { lora: ', init_lora_weights="pissa"' }, quick: [3] },
  lora_bias: { script: { lora: ', lora_bias=True', args: ', max_grad_norm=0.0' } },
  Qwen2: { script: {}, tiny: 'qwen2' },
  'GPT-2': { script: { lora: ', fan_in_fan_out=True' }, tiny: 'gpt2', targets: '["c_attn"]', quick: [4] },
  T5: { script: {}, tiny: 't5', targets: '["q", "v"]' },
};

const KS = [4, 3];
const ALPHA = 16;
const NAME = 'train.py';

function exported({ script: parts, targets = '["q_proj", "v_proj"]' }: Case, k: number): string {
  const text = script(parts)
    .replace('["q_proj", "v_proj"]', targets)
    .replace(
      'learning_rate=2e-3, max_steps=12, optim="sgd", learning_rate=0.5',
      'learning_rate=0.5, max_steps=12, optim="sgd"',
    );
  const reading = readConfig(text, NAME);
  const chosen = configRecipe(text, reading, 0);
  const plans = planConfig(text, reading, 0, { alpha: ALPHA * k });
  const [plan] = plans.plans;
  if (!chosen || !plan) throw new Error(`nothing was read of:\n${text}`);
  const made = exportCheck({ ...chosen, name: NAME, plans, plan });
  if ('refused' in made) throw new Error(`${made.refused}\n${text}`);
  return made.text;
}

const files = Object.entries(CASES).flatMap(([name, one]) =>
  KS.map((k) => ({
    name,
    k,
    tiny: one.tiny ?? 'llama',
    quick: one.quick?.includes(k) ?? false,
    text: exported(one, k),
  })),
);

/** Checks and their sweep. At these alphas a right plan has the baseline's bits. */
function sweep(): unknown {
  const text = script({});
  const chosen = configRecipe(text, readConfig(text, NAME), 0);
  if (!chosen) throw new Error(`nothing was read of:\n${text}`);
  const targets = [ALPHA / 4, ALPHA * 4, ALPHA * 16].map((alpha) => ({ alpha }));
  const { checks, leftOut } = sweptChecks({ ...chosen, name: NAME }, { targets, plans: 'best' });
  if (leftOut.length > 0) throw new Error(leftOut.join());
  return [...checks, sweepFile(checks)];
}

process.stdout.write(JSON.stringify({ files, sweep: sweep(), batch: batchFile('check_alpha.py') }));
