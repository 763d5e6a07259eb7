import * as l10n from '@vscode/l10n';
import { initFacts } from '../../recipe/init/facts';
import { constantOf, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Recipe } from '../../recipe/recipe';
import type { ExperimentSpec } from '../spec';
import { targetsOf } from './targets';
import { listed, taskWords } from '../words/sizes';

/** A larger task that `auto` does not choose. */
export interface PassedOver {
  task: ExperimentSpec['task'];
  /** Its predicted time in ms if that is too long; null if the user's numbers would not train it. */
  ms: number | null;
}

type Toy = Omit<ExperimentSpec, 'variants'>;

const number = (value: number): string => String(Number(value.toPrecision(3)));

/** What the toy leaves out, replaces or assumes: a sentence for each difference, most important first. */
export function assumptionsOf(
  recipe: Recipe,
  toy: Toy,
  row: OptimizerRow,
  passedOver: readonly PassedOver[] = [],
): string[] {
  const { rank, optimizer, targetModules, scheduler, init } = recipe;
  const { task, block, data, schedule, dropout } = toy;
  const { title, defaults } = row;
  const { isGuess, unknown, outside } = targetsOf(recipe);
  const isTransformer = task === 'transformer';
  const isConstant = schedule.kind === 'constant' && !scheduler?.toLowerCase().includes('constant');
  const trainsOnlyA = initFacts(recipe).trains === 'A';
  const said = [
    isTransformer && !isGuess && l10n.t`LoRA is where your trainer puts it: on ${listed(block?.targets ?? [])}.`,
    isTransformer &&
      isGuess &&
      (targetModules === null
        ? l10n.t('No target modules are stated: LoRA is on q and v, as in the paper.')
        : l10n.t('No target module is a known layer: LoRA is on q and v, as in the paper.')),
    isTransformer && unknown.length > 0 && l10n.t`Unknown target modules are left out: ${listed(unknown.slice(0, 3))}.`,
    isTransformer && outside.length > 0 && l10n.t`Embeddings and heads are not adapted here (${listed(outside)}).`,
    optimizer.name === null && optimizer.row === null && l10n.t`No optimizer is stated: ${title} is trained.`,
    recipe.learningRate === null &&
      l10n.t`The learning rate is unknown: the run takes ${defaults.learningRate}, the default of ${title}.`,
    constantOf(row, 'eps') !== undefined &&
      optimizer.eps === null &&
      l10n.t`The eps is unknown: the run takes ${constantOf(row, 'eps')?.default ?? ''} and changes it by the rule.`,
    defaults.weightDecay !== 0 &&
      optimizer.weightDecay === null &&
      l10n.t`The weight decay is unknown: the run takes ${defaults.weightDecay}, the default of ${title}, and changes it by the rule.`,
    // Otherwise no choice of data helps, and the data are not adapted.
    (data.inputScale !== 1 || data.inputUnit !== undefined) && dataWords(toy, row),
    (recipe.warmup ?? 0) >= 1 && l10n.t`The warm-up takes ${schedule.warmupSteps} steps here, a tenth of the run.`,
    scheduler !== null &&
      isConstant &&
      l10n.t`The schedule ${scheduler} is left out: the learning rate stays constant after the warm-up.`,
    (recipe.maxGradNorm ?? 0) > 0 &&
      !trainsOnlyA &&
      l10n.t('Gradients are clipped without the 1e-6 that torch adds to the norm.'),
    dropout > 0 &&
      l10n.t`LoRA dropout (${dropout}) uses the same masks in every variant, so it adds noise to the curves but no difference between them.`,
    recipe.useDora &&
      l10n.t("DoRA's magnitudes train in the trainer's group: A's, or B's if LoRA+ puts vectors there."),
    trainsOnlyA && l10n.t('B is trained here too, with unchanged numbers, and gradients are not clipped.'),
    init !== null &&
      init !== 'kaiming-uniform' &&
      l10n.t`A starts from a random Kaiming-uniform draw and B from zero, in place of the init ${init}.`,
  ];
  const model =
    l10n.t`The run trains ${taskWords(toy)}${blockWords(toy)}, ${toy.width} wide, ` +
    (rank === toy.rank ? l10n.t`of your rank ${rank}` : l10n.t`rank ${toy.rank} in place of ${rank}, at your scaling`) +
    lengthWords(toy);
  return [model, ...passedOver.map((each) => passedWords(each, toy)), ...said.filter((one) => one !== false)];
}

function dataWords({ task, data }: Toy, row: OptimizerRow): string {
  if (task !== 'linear') {
    return l10n.t`The units of the problem are chosen so that your learning rate makes progress: LoRA sees inputs of about ±${number(data.inputUnit ?? 1)}, and the loss counts × ${number(data.lossUnit ?? 1)}.`;
  }
  return row.d === 1
    ? l10n.t`The data are scaled so that your learning rate makes progress: inputs of about ±${number(data.inputScale)}.`
    : l10n.t`The data are scaled so that your learning rate makes progress: the layer has to change by about ±${number(data.targetScale)}.`;
}

function lengthWords({ steps, batches }: Toy): string {
  const on = batches === 1 ? l10n.t('one mini-batch') : l10n.t`${batches} mini-batches in turn`;
  return steps === 1 ? l10n.t`, for 1 step on ${on}.` : l10n.t`, for ${steps} steps on ${on}.`;
}

function blockWords({ task, block }: Toy): string {
  if (task !== 'transformer' || !block) return '';
  return ` (${block.norm === 'rms' ? 'RMSNorm' : 'LayerNorm'}, ${block.gated ? l10n.t('a gated MLP') : l10n.t('an MLP without a gate')})`;
}

/** Why a larger task is not trained. */
function passedWords({ task, ms }: PassedOver, toy: Toy): string {
  const model = taskWords({ ...toy, task, sizes: {} }).replace(/^./, (char) => char.toUpperCase());
  return ms === null
    ? l10n.t`${model} would not learn at all with these numbers.`
    : l10n.t`${model} would take about ${number(ms / 1000)} s on our test machine; select it to train it anyway.`;
}
