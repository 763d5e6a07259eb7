import * as l10n from '@vscode/l10n';
import { type ComparedRow, type ConfigComparison, compareConfigs } from '../../config/compare/compare-configs';
import { type ConfigRecipe, configRecipe } from '../../config/plan/as-trained';
import { type ConfigWay, type WayChange, valueLabel } from '../../config/compare/config-ways';
import { writeWay } from '../../config/compare/write-way';
import type { ConfigReading } from '../../config/read';
import type { ReadField, ReadRecipe, Reading } from '../../config/reading';
import type { SpecOptions } from '../../experiment/specs/spec-for';
import { specForPair } from '../../experiment/specs/spec-for-pair';
import type {
  ComparisonView,
  RunRow,
  SettingCell,
  SettingRow,
  SideView,
  TrainingView,
  WayView,
} from '../../messages/comparison';
import type { PanelView } from '../../messages/panel';
import type { SideNames } from '../../recipe/compare/compared';
import { isOne } from '../../recipe/compare/ratio';
import { fieldLabel } from '../../recipe/field-names';
import { factorLabel, scalingEquation } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { RecipeError, statedConstant } from '../../recipe/recipe';
import { visible } from '../../recipe/visible';
import { pointOf } from '../documents/places';
import type { Experiment } from '../runs/run-state';

/** What the host knows of one of both files. */
export interface SideContents<Read extends Reading = Reading> {
  file: PanelView['file'];
  /** The last text that could be read, or null. */
  source: { text: string; reading: Read } | null;
  network: number;
}

interface ComparedConfigs {
  first: ConfigRecipe;
  second: ConfigRecipe;
  result: ConfigComparison;
}

export type ComparisonPicture = Omit<ComparisonView, 'training'>;

/** Compares what both sides show; null where one of them has no recipe, a sentence where a number is unusable. */
export function comparedOf(
  first: SideContents<ConfigReading>,
  second: SideContents<ConfigReading>,
): ComparedConfigs | string | null {
  const [mine, other] = [recipeOf(first), recipeOf(second)];
  if (!mine || !other) return null;
  try {
    return { first: mine, second: other, result: compareConfigs(mine, other, namesOf(first, second)) };
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}

function recipeOf({ source, network }: SideContents<ConfigReading>): ConfigRecipe | null {
  if (!source) return null;
  return configRecipe(source.text, source.reading, network) ?? configRecipe(source.text, source.reading, 0);
}

/** Both file names; if they are equal, with the folder of each. */
export function fileNamesOf(first: string, second: string): SideNames {
  const last = (path: string, parts: number): string => visible(path.split('/').slice(-parts).join('/'));
  const isAmbiguous = first !== second && last(first, 1) === last(second, 1);
  return { first: last(first, isAmbiguous ? 2 : 1), second: last(second, isAmbiguous ? 2 : 1) };
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
): ComparisonPicture {
  const names = namesOf(first, second);
  const sides = { first: sideView(first, names.first), second: sideView(second, names.second) };
  if (compared === null || typeof compared === 'string') {
    const verdict =
      compared === null ? null : ({ kind: 'unknown', headline: HEADLINES.unknown, detail: compared } as const);
    return { ...sides, verdict, settings: [], differences: [], alike: '', signature: [], ways: [], news, foot: '' };
  }
  const { result } = compared;
  const { rows, verdict } = result;
  return {
    ...sides,
    verdict: { kind: verdict, ...wordsOf(result) },
    settings: settingRows(compared.first, compared.second),
    differences: rows.filter(({ same }) => same !== true).map(runRow),
    alike: rows
      .filter(({ same, isOff }) => same === true && !isOff)
      .map(({ name }) => name)
      .join(', '),
    signature: rows.filter(({ isQuantity }) => isQuantity).map(runRow),
    ways: result.ways.map((way) => wayView(way, compared, names, second.file.path)),
    news,
    foot: result.foot,
  };
}

const READ = l10n.t('The same run for what was read');

/** The verdict, and what it comes to without what the headline has said. */
function wordsOf({ comparison: { meaning }, verdict }: ConfigComparison): { headline: string; detail: string } {
  const headline = meaning.startsWith(READ) ? READ : HEADLINES[verdict];
  const rest = [`${headline}. `, `${headline}: `, `${headline}, and `].reduce(
    (text, lead) => text.replace(lead, ''),
    meaning,
  );
  return { headline, detail: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

function sideView({ file, source, network }: SideContents, name: string): SideView {
  const recipes = source?.reading.recipes ?? [];
  const index = network < recipes.length ? network : 0;
  const recipe = recipes[index];
  if (!recipe || !source) return { file, name, recipe: null };
  const what = [source.reading.trainerName ?? 'LoRA', recipe.optimizer.name ?? '', `rank ${recipe.rank}`];
  return {
    file,
    name,
    recipe: {
      what: what.filter((part) => part !== '').join(' · '),
      scaling: `s = ${scalingEquation(recipe)}`,
      networks: recipes.map(({ name }) => name),
      network: index,
    },
  };
}

function runRow({ name, formula, first, second, ratio, why, same }: ComparedRow): RunRow {
  return { name, formula, first, second, ratio, why, same };
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
  const left = way.left.join(', ');
  return {
    id: way.way.id,
    title: TITLES[way.way.id](names.first),
    needs: way.changes.some(({ where }) => where === 'code') ? l10n.t('needs code') : l10n.t('config only'),
    changes: way.changes.map(({ key, from, to, where, isWord }) => ({
      key,
      from,
      to,
      note: isWord && where === 'config' ? l10n.t('by hand') : NOTES[where],
    })),
    left: left === '' ? '' : l10n.t`Still different: ${left}. One number cannot be right for A and B.`,
    refusal: 'refusal' in writing ? writing.refusal.message : null,
  };
}

/** A number of a recipe that a change of the scaling moves, or that makes up for one. */
interface ComparedSetting {
  field: ReadField;
  of: (recipe: ReadRecipe) => number | null;
  /** Shown where it is the same, too. */
  isAlways?: boolean;
}

const SETTINGS: readonly ComparedSetting[] = [
  { field: 'alpha', of: ({ alpha }) => alpha, isAlways: true },
  { field: 'scaling', of: ({ scaling }) => scaling, isAlways: true },
  { field: 'learningRate', of: ({ learningRate }) => learningRate, isAlways: true },
  { field: 'lrA', of: ({ lrA }) => lrA },
  { field: 'loraplusLrRatio', of: ({ loraplusLrRatio }) => loraplusLrRatio },
  { field: 'weightDecay', of: ({ optimizer }) => optimizer.weightDecay },
  { field: 'maxGradNorm', of: ({ maxGradNorm }) => maxGradNorm },
  { field: 'maxGradValue', of: ({ maxGradValue }) => maxGradValue ?? null },
];

/** The numbers of both files that the scaling goes with: what differs, and alpha, scaling and rate in any case. */
function settingRows(first: ConfigRecipe, second: ConfigRecipe): SettingRow[] {
  const constants = [first, second].flatMap(
    ({ recipe }) => optimizerRow(recipe.optimizer.row)?.constants.map(({ constant }) => constant) ?? [],
  );
  const ofOptimizer = [...new Set(constants)].map((id): ComparedSetting => ({
    field: id,
    of: ({ optimizer }) => statedConstant(optimizer, id),
  }));
  return [...SETTINGS, ...ofOptimizer].flatMap((setting) => {
    const [mine, other] = [setting.of(first.recipe), setting.of(second.recipe)];
    const same = mine === other || (mine !== null && other !== null && mine !== 0 && isOne(other / mine));
    if ((same && !setting.isAlways) || (mine === null && other === null)) return [];
    return [
      {
        name: fieldLabel(setting.field),
        first: cellOf(first, setting.field, mine),
        second: cellOf(second, setting.field, other),
        ratio: ratioLabel(mine, other, same),
        same,
      },
    ];
  });
}

function cellOf({ recipe }: ConfigRecipe, field: ReadField, value: number | null): SettingCell {
  const stated = recipe.stated[field];
  const assumed = recipe.assumed[field];
  return {
    text: valueLabel(value),
    hint: stated ? stated.path : (assumed ?? ''),
    note: !stated && assumed !== undefined && value !== null ? l10n.t('default') : '',
    ...pointOf(stated ?? { line: null }),
  };
}

function ratioLabel(mine: number | null, other: number | null, same: boolean): string {
  if (same) return l10n.t('same');
  if (!mine || !other) return '';
  return factorLabel(other / mine, 6);
}

export interface PairTraining extends Omit<TrainingView, 'run'> {
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
  const { notUnderstood } = result;
  const pair = { names, untrained, differs: claim.limit ?? '', notUnderstood };
  // What is not trained is in the key too: if it changes, the same curves need another verdict.
  const key = JSON.stringify([spec, claim, pair]);
  return { refusal: null, untrained, assumptions, experiment: { spec, plan: null, pair, claim, key } };
}
