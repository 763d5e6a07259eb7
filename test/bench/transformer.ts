import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wasm } from '../../src/experiment/backends/wasm';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { pretrained } from '../../src/experiment/training/pretrained';
import type { ExperimentSpec, RateSchedule } from '../../src/experiment/spec';
import { specFor } from '../../src/experiment/specs/spec-for';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../support/recipe';
import { largestDeviation, speedRow, trainedHere, VARIANTS, type Bench, type Row, inTurns } from './rows';
import { runScript } from './torch';
import { torchProblem } from './torch/problem';

const ROUNDS = 2;
/** PyTorch's twin knows no schedule. */
const CONSTANT: RateSchedule = { kind: 'constant', warmupSteps: 0 };
/** Of the losses that are compared: later ones have drifted by more than rounding at the start. */
const COMPARED = 5;

/** The transformer as it is for a recipe of ours, AdamW, on one thread each. */
export async function transformer(bench: Bench): Promise<Row> {
  const recipe = recipeWith({});
  const options = { backend: 'wasm', task: 'transformer', steps: 100 } as const;
  const { spec: whole } = specFor(recipe, plansFor(recipe, 3 * recipe.alpha, everyKnob), 'symmetric', options);
  const spec: ExperimentSpec = {
    ...whole,
    dropout: 0,
    schedule: CONSTANT,
    variants: whole.variants.slice(0, VARIANTS),
  };
  const { python, scripts, assets, note } = bench;
  const name = `transformer, ${spec.width} wide, ${spec.optimizer.row} (variant-steps/s)`;
  const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-bench-'));
  try {
    const file = join(folder, 'problem.json');
    const ours = async (): Promise<number> => {
      const { ms } = await trainedHere(bench, spec);
      return (1000 * spec.variants.length * spec.steps) / ms;
    };
    if (!python) return speedRow(name, await inTurns(ROUNDS, Math.max, ours, null), 1);
    await chooseBackend('wasm', [wasm], assets);
    const hooks = { isStopped: () => false, pause: () => Promise.resolve() };
    writeFileSync(file, JSON.stringify(torchProblem(spec, await pretrained(spec, 'wasm', hooks))));
    const { losses } = await trainedHere(bench, spec);
    const theirs = (): number => {
      const said = JSON.parse(runScript(python, [join(scripts, 'transformer.py'), file, '1'])) as Said;
      const deviation = largestDeviation(losses[0]?.slice(0, COMPARED) ?? [], said.losses[0]?.slice(0, COMPARED) ?? []);
      note(`${name}: PyTorch is fastest with ${said.setting}; losses differ by at most ${deviation.toExponential(0)}`);
      if (!(deviation < 1e-3)) throw new Error(`both sides should train the same, but the losses of ${name} differ`);
      return said.variantStepsPerSecond;
    };
    return speedRow(name, await inTurns(ROUNDS, Math.max, several(ours), theirs), 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Said {
  setting: string;
  variantStepsPerSecond: number;
  losses: number[][];
}

/** The best of some, as the script takes it too. */
function several(measure: () => Promise<number>): () => Promise<number> {
  return async () => Math.max(await measure(), await measure(), await measure());
}
