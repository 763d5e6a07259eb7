import { posix } from 'node:path';
import { compareConfigs, type ConfigComparison } from '../../config/compare/compare-configs';
import type { ConfigWay } from '../../config/compare/ways';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { configRecipe, type ConfigRecipe } from '../../config/plan/as-trained';
import type { ConfigReading } from '../../config/read';
import type { Finding } from '../../config/reading';
import { RecipeError } from '../../recipe/recipe';
import { readOne } from '../commands/read';
import { EXIT, Failure } from '../failure';
import { readingOf } from '../files/config-file';
import { decodeText } from '../files/files';
import type { FoundFile } from '../files/find-configs';
import { shownPath } from '../output/diff';
import { bytesIn, pathIn, type Base } from './base';

/** What lint says about a run that a change touches; docs/review.md explains each. */
export type RunCode = 'same-run' | 'nearly-same-run' | 'another-run' | 'run-unknown' | 'new-run';

/** A recipe of a changed file, and whether it is still the run that it was. */
export interface LintedRun extends Pick<Finding, 'severity' | 'message' | 'line'> {
  code: RunCode;
  recipe: string;
  /** Both recipes and what differs; null if there is nothing to compare with. */
  compared: (ConfigComparison & { readings: readonly [ConfigReading, ConfigReading] }) | null;
}

export interface LintedFile {
  /** With slashes. */
  path: string;
  text: string;
  reading: ConfigReading;
  runs: readonly LintedRun[];
}

/** Findings of a file, and its runs if the base has another text of it; null if it is no LoRA config. */
export async function lintFile({ path, isNamed }: FoundFile, base: Base | null): Promise<LintedFile | null> {
  const { reading, text, failure } = await readOne(path);
  if (failure?.exitCode === EXIT.usage && isNamed) throw failure;
  if (failure || (!reading.isLora && reading.findings.length === 0)) return null;
  const inBase = base && (await pathIn(base, path));
  const named = inBase !== null && namesCode(text) && base?.changed.has(codePath(inBase)) ? inBase : undefined;
  const before = inBase !== null && base?.changed.has(inBase) ? base.changed.get(inBase) : named;
  const file = { path: shownPath(path), text, reading };
  if (!base || before === undefined) return { ...file, runs: [] };
  const old = before === null ? null : await readBefore(base, before);
  const recipes = reading.recipes.flatMap((_, index) => configRecipe(text, reading, index) ?? []);
  return { ...file, runs: recipes.map((recipe) => runOf(recipe, old)) };
}

const codePath = (config: string): string => posix.join(posix.dirname(config), CODE_FILE);

type OldFile = Pick<LintedFile, 'text' | 'reading'>;

/** The file as the base has it; in a sentence why it cannot be read. */
async function readBefore(base: Base, path: string): Promise<OldFile | string> {
  try {
    const file = decodeText(path, await bytesIn(base, path));
    const code = namesCode(file.text) ? await bytesIn(base, codePath(path)).then(String, () => undefined) : undefined;
    return { text: file.text, reading: await readingOf(file, path, () => Promise.resolve(code)) };
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

const NAMES = { first: 'the base', second: 'this change' };

function runOf(now: ConfigRecipe, old: OldFile | string | null): LintedRun {
  const line = now.recipe.stated.alpha?.line ?? now.recipe.stated.rank?.line ?? null;
  const said = (code: RunCode, severity: Finding['severity'], message: string): LintedRun => {
    return { code, severity, message, line, recipe: now.recipe.name, compared: null };
  };
  if (typeof old === 'string') return said('run-unknown', 'warning', `The base cannot be read: ${old}.`);
  const was = old && configBefore(old, now);
  if (!was) return said('new-run', 'info', 'The base has no such run.');
  try {
    const compared = { ...compareConfigs(was, now, { names: NAMES }), readings: [was.reading, now.reading] as const };
    const { code, severity } = ANSWERS[compared.verdict];
    const advice = compared.verdict === 'same' ? '' : waysWords(compared.ways);
    return { ...said(code, severity, `${compared.comparison.meaning} ${advice}`.trim()), compared };
  } catch (error) {
    if (error instanceof RecipeError) return said('run-unknown', 'warning', `${error.message}.`);
    throw error;
  }
}

const ANSWERS = {
  same: { code: 'same-run', severity: 'info' },
  nearly: { code: 'nearly-same-run', severity: 'warning' },
  different: { code: 'another-run', severity: 'error' },
  unknown: { code: 'run-unknown', severity: 'warning' },
} as const;

/** The recipe of that name; in its place, if all recipes have other names now. */
function configBefore({ text, reading }: OldFile, { recipe, index, reading: now }: ConfigRecipe): ConfigRecipe | null {
  const { recipes } = reading;
  const isIt = (other: (typeof recipes)[number] | undefined): boolean =>
    other !== undefined && other.name === recipe.name && other.run === recipe.run;
  const at = isIt(recipes[index]) ? index : recipes.findIndex(isIt);
  const isLone = at < 0 && recipes.length === now.recipes.length;
  return configRecipe(text, reading, isLone ? index : at);
}

/** What would make it the same run: first at the alpha of the change, then with the alpha of the base. */
export function waysWords(ways: readonly ConfigWay[]): string {
  const fewest = ways[0]?.left.length;
  const best = ways.filter(({ left }) => left.length === fewest);
  const sorted = best.toSorted((a, b) => Number(a.way.id === 'alpha') - Number(b.way.id === 'alpha')).slice(0, 2);
  const said = sorted.map(({ changes, left }) => {
    const words = changes.map(({ key, to, where }) => {
      if (where === 'code') return `${key} × ${to} (in code)`;
      return `${key} = ${to}${where === 'nowhere' ? ' (this trainer has no key for it)' : ''}`;
    });
    return `${words.join(', ')}${left.length === 0 ? '' : `; ${left.join(', ')} would still differ`}`;
  });
  return said.length === 0 ? '' : `To be the same run: ${said.join('. Or: ')}.`;
}

/** One thing to show at one place: a finding of a file, or what became of a run. */
export interface LintResult extends Pick<Finding, 'code' | 'severity' | 'message' | 'line'> {
  file: LintedFile;
}

/** Everything that lint has to say of its files, runs first. */
export function resultsOf(files: readonly LintedFile[]): LintResult[] {
  return files.flatMap((file) => {
    const runs = file.runs.filter(({ code }) => code !== 'same-run' && code !== 'new-run');
    return [...runs, ...file.reading.findings].map((each) => ({ ...each, file }));
  });
}

/** `2 configs, 1 changed: 1 another run. 1 error, 0 warnings.` */
export function countsWords(files: readonly LintedFile[]): string {
  const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
  const changed = files.filter(({ runs }) => runs.length > 0).length;
  const runs = files.flatMap((file) => file.runs);
  const codes = [...new Set(runs.map(({ code }) => code))];
  const said = codes.map((code) => `${runs.filter((run) => run.code === code).length} ${code.replaceAll('-', ' ')}`);
  const results = resultsOf(files);
  const of = (severity: Finding['severity']): number => results.filter((each) => each.severity === severity).length;
  const change = changed === 0 ? '' : `, ${changed} changed: ${said.join(', ')}`;
  return `${count(files.length, 'config')}${change}. ${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}.`;
}
