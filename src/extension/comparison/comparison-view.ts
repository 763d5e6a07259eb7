import * as l10n from '@vscode/l10n';
import { type ConfigComparison, compareConfigs } from '../../config/compare/compare-configs';
import { valueLabel, type ConfigWay, type WayChange } from '../../config/compare/ways';
import { type ConfigRecipe, configRecipe } from '../../config/plan/as-trained';
import type { ConfigReading } from '../../config/read';
import type { ReadField, ReadRecipe, Reading } from '../../config/reading';
import type { SpecOptions } from '../../experiment/specs/spec-for';
import { specForPair } from '../../experiment/specs/spec-for-pair';
import type { ComparisonView, SettingCell, SettingRow, SideView } from '../../messages/comparison';
import type { TrainingView, WayView } from '../../messages/comparison';
import type { FileView } from '../../messages/panel';
import type { SideNames } from '../../recipe/compare/compared';
import { isOne } from '../../recipe/compare/ratio';
import { fieldLabel } from '../../recipe/field-names';
import { factorLabel, scalingEquation } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { RecipeError, statedConstant } from '../../recipe/recipe';
import { visible } from '../../recipe/visible';
import { pointOf } from '../documents/places';
import type { Experiment } from '../runs/runs';
import { writeWay } from './write-way';

export interface SideContents<Read extends Reading = Reading> {
  file: FileView;
  /** The last text that could be read, or null. */
  source: { text: string; reading: Read } | null;
  network: number;
}

interface ComparedConfigs {
  first: ConfigRecipe;
  second: ConfigRecipe;
  result: ConfigComparison;
}

/** Compares what both sides show; null where one of them has no recipe, a sentence where a number is unusable. */
export function comparedOf(
  one: SideContents<ConfigReading>,
  other: SideContents<ConfigReading>,
): ComparedConfigs | string | null {
  const recipeOf = ({ source, network }: SideContents<ConfigReading>): ConfigRecipe | null =>
    source && (configRecipe(source.text, source.reading, network) ?? configRecipe(source.text, source.reading, 0));
  const [first, second] = [recipeOf(one), recipeOf(other)];
  if (!first || !second) return null;
  try {
    return { first, second, result: compareConfigs(first, second, { names: namesOf(one, other) }) };
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}

/** Both file names; if they are equal, with the folder of each. */
export function fileNamesOf(first: string, second: string): SideNames {
  const last = (path: string, parts: number): string => visible(path.split('/').slice(-parts).join('/'));
  const parts = first !== second && last(first, 1) === last(second, 1) ? 2 : 1;
  return { first: last(first, parts), second: last(second, parts) };
}

/** How sentences call both sides: by their files; two recipes of one file by the recipes' names. */
export function namesOf(first: SideContents, second: SideContents): SideNames {
  const files = fileNamesOf(first.file.path, second.file.path);
  if (first.file.path !== second.file.path) return files;
  const recipe = ({ source, network }: SideContents): string => source?.reading.recipes[network]?.name ?? files.first;
  return { first: visible(recipe(first)), second: visible(recipe(second)) };
}

const HEADLINES: Readonly<Record<ConfigComparison['verdict'], string>> = {
  same: l10n.t('The same run'),
  nearly: l10n.t('Nearly the same run'),
  different: l10n.t('Different runs'),
  unknown: l10n.t('Unknown whether both are the same run'),
};

/** The page's picture, without a training. */
export function comparisonViewOf(
  first: SideContents,
  second: SideContents,
  compared: ComparedConfigs | string | null,
  news: string,
): Omit<ComparisonView, 'training'> {
  const names = namesOf(first, second);
  const sides = { first: sideView(first, names.first), second: sideView(second, names.second), news };
  if (compared === null || typeof compared === 'string') {
    const verdict =
      compared === null ? null : ({ kind: 'unknown', headline: HEADLINES.unknown, detail: compared } as const);
    return { ...sides, verdict, settings: [], differences: [], alike: '', signature: [], ways: [], foot: '' };
  }
  const { result } = compared;
  const { rows, verdict } = result;
  const alike = rows.filter(({ same, isOff }) => same === true && !isOff);
  const runRows = (all: typeof rows): ComparisonView['signature'] =>
    all.map(({ name, formula, first, second, ratio, why, same }) => ({
      ...{ name, formula, first, second, ratio, why, same },
    }));
  return {
    ...sides,
    verdict: { kind: verdict, ...wordsOf(result) },
    settings: settingRows(compared.first, compared.second),
    differences: runRows(rows.filter(({ same }) => same !== true)),
    alike: alike.map(({ name }) => name).join(', '),
    signature: runRows(rows.filter(({ isQuantity }) => isQuantity)),
    ways: result.ways.map((way) => wayView(way, compared, names, second.file.path)),
    foot: result.foot,
  };
}

const READ = l10n.t('The same run for what was read');

/** The verdict, and what it comes to without what the headline has said. */
function wordsOf({ comparison: { meaning }, verdict }: ConfigComparison): { headline: string; detail: string } {
  const headline = meaning.startsWith(READ) ? READ : HEADLINES[verdict];
  const leads = [`${headline}. `, `${headline}: `, `${headline}, and `];
  const rest = leads.reduce((text, lead) => text.replace(lead, ''), meaning);
  return { headline, detail: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

function sideView({ file, source, network: chosen }: SideContents, name: string): SideView {
  const { recipes = [], trainerName } = source?.reading ?? {};
  const network = chosen < recipes.length ? chosen : 0;
  const recipe = recipes[network];
  if (!recipe) return { file, name, recipe: null };
  const what = [trainerName ?? 'LoRA', recipe.optimizer.name ?? '', `rank ${recipe.rank}`];
  return {
    file,
    name,
    recipe: {
      what: what.filter((part) => part !== '').join(' · '),
      scaling: `s = ${scalingEquation(recipe)}`,
      networks: recipes.map(({ name: each }) => each),
      network,
    },
  };
}

const TITLES: Readonly<Record<WayView['id'], (first: string) => string>> = {
  alpha: (first) => l10n.t`Take the scaling of ${first}`,
  numbers: () => l10n.t('Keep alpha and the init'),
  init: () => l10n.t('Keep alpha, rescale the init'),
};

const NOTES: Readonly<Record<WayChange['where'], string>> = {
  config: '',
  code: l10n.t('in code'),
  nowhere: l10n.t('no key of this trainer'),
};

function wayView(way: ConfigWay, { first, second }: ComparedConfigs, names: SideNames, path: string): WayView {
  const writing = writeWay(first, second, way, path);
  const { id } = way.way;
  const left = way.left.join(', ');
  return {
    id,
    title: TITLES[id](names.first),
    needs: way.changes.some(({ where }) => where === 'code') ? l10n.t('needs code') : l10n.t('config only'),
    changes: way.changes.map(({ key, from, to, where, isWord }) => {
      return { key, from, to, note: isWord && where === 'config' ? l10n.t('by hand') : NOTES[where] };
    }),
    left: left === '' ? '' : l10n.t`Still different: ${left}. One number cannot be right for A and B.`,
    refusal: 'refusal' in writing ? writing.refusal.message : null,
  };
}

/** A number of a recipe that a change of the scaling moves, or that makes up for one. */
type ComparedSetting = readonly [field: ReadField, of: (recipe: ReadRecipe) => number | null];

/** Shown where they are the same, too. */
const ALWAYS: readonly ComparedSetting[] = [
  ['alpha', ({ alpha }) => alpha],
  ['scaling', ({ scaling }) => scaling],
  ['learningRate', ({ learningRate }) => learningRate],
];
const SETTINGS: readonly ComparedSetting[] = [
  ...ALWAYS,
  ['lrA', ({ lrA }) => lrA],
  ['loraplusLrRatio', ({ loraplusLrRatio }) => loraplusLrRatio],
  ['weightDecay', ({ optimizer }) => optimizer.weightDecay],
  ['maxGradNorm', ({ maxGradNorm }) => maxGradNorm],
  ['maxGradValue', ({ maxGradValue }) => maxGradValue ?? null],
];

/** The numbers of both files that the scaling goes with: what differs, and alpha, scaling and rate in any case. */
function settingRows(first: ConfigRecipe, second: ConfigRecipe): SettingRow[] {
  const rows = [first, second].flatMap(({ recipe }) => optimizerRow(recipe.optimizer.row)?.constants ?? []);
  const constants = [...new Set(rows.map(({ constant }) => constant))].map((id): ComparedSetting => [
    id,
    ({ optimizer }) => statedConstant(optimizer, id),
  ]);
  return [...SETTINGS, ...constants].flatMap((setting) => {
    const [field, of] = setting;
    const [mine, other] = [of(first.recipe), of(second.recipe)];
    const same = mine === other || (mine !== null && other !== null && mine !== 0 && isOne(other / mine));
    if ((same && !ALWAYS.includes(setting)) || (mine === null && other === null)) return [];
    const ratio = same ? l10n.t('same') : mine && other ? factorLabel(other / mine, 6) : '';
    const cells = { first: cellOf(first, field, mine), second: cellOf(second, field, other) };
    return [{ name: fieldLabel(field), ...cells, ratio, same }];
  });
}

function cellOf({ recipe }: ConfigRecipe, field: ReadField, value: number | null): SettingCell {
  const stated = recipe.stated[field];
  const assumed = recipe.assumed[field];
  return {
    text: valueLabel(value),
    hint: stated?.path ?? assumed ?? '',
    note: !stated && assumed !== undefined && value !== null ? l10n.t('default') : '',
    ...pointOf(stated ?? { line: null }),
  };
}

interface PairTraining extends Omit<TrainingView, 'run'> {
  experiment: Experiment | null;
}

/**
 * The experiment that trains both compared configs.
 * @param options what the settings say of the experiment
 */
export function trainingOf(
  { first, second, result }: ComparedConfigs,
  names: SideNames,
  options: SpecOptions,
): PairTraining {
  const found = specForPair(first, second, result, names, options);
  if (typeof found === 'string') return { refusal: found, untrained: '', assumptions: [], experiment: null };
  const { spec, claim, untrained, assumptions } = found;
  const pair = { names, untrained, differs: claim.limit ?? '', notUnderstood: result.notUnderstood };
  // What is not trained is in the key too: if it changes, the same curves need another verdict.
  const key = JSON.stringify([spec, claim, pair]);
  return { refusal: null, untrained, assumptions, experiment: { spec, plan: null, pair, claim, key } };
}
