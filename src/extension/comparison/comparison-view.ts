import * as l10n from '@vscode/l10n';
import { compareConfigs, type ConfigComparison } from '../../config/compare/compare-configs';
import { configRecipe, type ConfigRecipe } from '../../config/compare/config-recipe';
import type { ComparedRow } from '../../config/compare/compared-rows';
import type { ConfigWay, WayChange } from '../../config/compare/config-ways';
import { writeWay } from '../../config/compare/write-way';
import type { Reading } from '../../config/reading';
import type { ComparisonView, RunRow, SideView, WayView } from '../../messages/comparison';
import type { PanelView } from '../../messages/panel';
import type { SideNames } from '../../recipe/compare/compared';
import { scalingEquation } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { RecipeError } from '../../recipe/recipe';
import { settingRows } from './settings-rows';

/** What the host knows of one of both files. */
export interface SideContents {
  file: PanelView['file'];
  /** The last text that could be read, or null. */
  source: { text: string; reading: Reading } | null;
  /** Which of its recipes. */
  network: number;
}

/** Both recipes, compared. */
export interface ComparedConfigs {
  first: ConfigRecipe;
  second: ConfigRecipe;
  result: ConfigComparison;
}

/** All that follows from both files. */
export type ComparisonPicture = Omit<ComparisonView, 'training'>;

/** Compares what both sides show; null where one of them has no recipe, a sentence where a number is unusable. */
export function comparedOf(first: SideContents, second: SideContents): ComparedConfigs | string | null {
  const [mine, other] = [recipeOf(first), recipeOf(second)];
  if (!mine || !other) return null;
  try {
    return { first: mine, second: other, result: compareConfigs(mine, other, namesOf(first, second)) };
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}

function recipeOf({ source, network }: SideContents): ConfigRecipe | null {
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

const NOTES: Readonly<Record<WayChange['place'], string>> = {
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
    needs: way.changes.some(({ place }) => place === 'code') ? l10n.t('needs code') : l10n.t('config only'),
    changes: way.changes.map(({ key, from, to, place, isWord }) => ({
      key,
      from,
      to,
      note: isWord && place === 'config' ? l10n.t('by hand') : NOTES[place],
    })),
    left: left === '' ? '' : l10n.t`Still different: ${left}. One number cannot be right for A and B.`,
    refusal: 'refusal' in writing ? writing.refusal.message : null,
  };
}
