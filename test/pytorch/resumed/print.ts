import { conversionFile, exportConversion } from '../../../src/export/conversion';
import type { Exported } from '../../../src/export/refusal';
import type { Gauge } from '../../../src/recipe/gauge';
import { OPTIMIZER_ROWS } from '../../../src/recipe/optimizers/optimizers';
import type { PlanId } from '../../../src/recipe/plans/plan';
import { requestOf, script } from '../../unit/export/export-of';

/** Files that convert checkpoints, as JSON on standard output, for run.py, which runs them. */

const LORAPLUS =
  'create_loraplus_optimizer(model=model, optimizer_cls=torch.optim.AdamW, lr=2e-3, loraplus_lr_ratio=8.0)';

/** Scripts, and the plan that their checkpoints are converted by. */
const TRAINERS: Readonly<Record<string, { parts: Parameters<typeof script>[0]; plan: PlanId }>> = {
  AdamW: { parts: { args: ', optim="adamw_torch", weight_decay=0.1, max_grad_norm=0.0' }, plan: 'symmetric' },
  PiSSA: {
    parts: { args: ', optim="adamw_torch", max_grad_norm=0.0', lora: ', init_lora_weights="pissa"' },
    plan: 'symmetric',
  },
  'SGD with momentum': {
    parts: { args: ', optim="sgd", weight_decay=0.1, optim_args="momentum=0.9", max_grad_norm=0.0' },
    plan: 'symmetric',
  },
  'LoRA+': {
    parts: {
      args: ', max_grad_norm=0.0',
      imports: 'from peft.optimizers import create_loraplus_optimizer',
      before: `optimizer = ${LORAPLUS}`,
      handed: ', optimizers=(optimizer, None)',
    },
    plan: 'keep-init',
  },
};

const GAUGES: Readonly<Record<string, Gauge>> = { symmetric: { p: 2, q: 2 }, 'keep-init': { p: 1, q: 4 } };

const NAME = 'train.py';

function textOf(exported: Exported): string {
  if ('refused' in exported) throw new Error(exported.refused);
  return exported.text;
}

/** The numbers of the baseline and of the plan at four times the alpha, and the conversion of its checkpoints. */
function ofTrainer(parts: Parameters<typeof script>[0], id: PlanId): object {
  const request = requestOf(script(parts), NAME, { alpha: 64 }, id);
  const changes = request.plan.changes.map(({ field, from, written }) => [field, [from, written]] as const);
  return { changes: Object.fromEntries(changes), text: textOf(exportConversion(request)) };
}

const rows = OPTIMIZER_ROWS.filter(({ saved }) => saved);

const ofRows = rows.flatMap((row) =>
  Object.entries(GAUGES).map(([gauge, split]) => ({
    row: row.id,
    gauge,
    text: conversionFile({
      ...{ name: NAME, trainer: 'PEFT', rank: 4, init: null, gauge: split, row, notes: [] },
      ...{ from: { alpha: 8, scalingRule: 'standard' }, to: { alpha: 32, scalingRule: 'standard' } },
    }),
  })),
);

const ofTrainers = Object.entries(TRAINERS).map(([name, { parts, plan }]) => ({ name, ...ofTrainer(parts, plan) }));
process.stdout.write(JSON.stringify({ trainers: ofTrainers, rows: ofRows }));
