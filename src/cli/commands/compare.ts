import { compareConfigs, type ConfigComparison } from '../../config/compare/compare-configs';
import type { ComparedRow } from '../../config/compare/compare-configs';
import type { ConfigWay } from '../../config/compare/config-ways';
import { scalingEquation } from '../../recipe/notation';
import { RecipeError } from '../../recipe/recipe';
import { EXIT, usage, type ExitCode } from '../failure';
import { chooseRecipe, type ChosenRecipe } from '../files/config-file';
import { STDIN } from '../files/files';
import { aboutWords } from '../output/changes-text';
import { json, comparisonJson } from '../output/json';
import { table, wrap, type Paint, type Style } from '../output/text';
import type { Terminal } from '../terminal';

interface CompareOptions {
  network?: string;
  otherNetwork?: string;
  json?: boolean;
}

/** `compare A B`: whether two configs are the same run, across trainers and syntaxes, and if not, by what they differ. */
export async function compareCommand(
  path: string,
  otherPath: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (path === STDIN && otherPath === STDIN) throw usage('standard input can be one of both, not both');
  const first = await chooseRecipe(path, options.network, 'severalOnly');
  const second = await chooseRecipe(otherPath, options.otherNetwork ?? options.network, 'severalOnly');
  try {
    const compared = compareConfigs(first, second);
    terminal.out(
      options.json
        ? json(comparisonJson(compared.comparison, [first.reading, second.reading]))
        : comparisonText([first, second], compared, terminal.paint),
    );
    return exitCodeOf(compared.comparison.same);
  } catch (error) {
    throw error instanceof RecipeError ? usage(error.message) : error;
  }
}

function exitCodeOf(same: boolean | null): ExitCode {
  if (same === null) return EXIT.nothing;
  return same ? EXIT.done : EXIT.different;
}

const WIDTH = 78;

/** What `compare` says, for people: both configs, the verdict, what differs and why, and what would make them one run. */
function comparisonText(
  chosen: readonly [ChosenRecipe, ChosenRecipe],
  compared: ConfigComparison,
  paint: Paint,
): string {
  const parts = [
    headsText(chosen, paint),
    verdictText(compared, paint),
    differencesText(compared, paint),
    reasonsText(compared, paint),
    waysText(chosen[1], compared, paint),
    `${paint('dim', wrap(compared.foot, WIDTH))}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function headsText(chosen: readonly [ChosenRecipe, ChosenRecipe], paint: Paint): string {
  const head = (one: ChosenRecipe, label: string): string[] => {
    const { file, recipe } = one;
    return [
      `${paint('dim', label.padEnd(6))}  ${paint('bold', file.path)}`,
      `        ${paint('dim', aboutWords(one))}`,
      `        s = ${scalingEquation(recipe)}`,
    ];
  };
  return `${[...head(chosen[0], 'first'), ...head(chosen[1], 'second')].join('\n')}\n`;
}

const MARKS: Readonly<Record<'true' | 'false' | 'null', { mark: string; style: Style }>> = {
  true: { mark: '✓', style: 'green' },
  false: { mark: '✗', style: 'red' },
  null: { mark: '?', style: 'yellow' },
};

function verdictText({ comparison: { same, meaning } }: ConfigComparison, paint: Paint): string {
  const { mark, style } = MARKS[`${same}`];
  const [headline = '', ...rest] = wrap(`${mark} ${meaning}`, WIDTH).split('\n');
  return `${[paint(style, headline), ...rest.map((line) => paint(style, `  ${line}`))].join('\n')}\n`;
}

/** Every quantity, or those that differ where the runs are different; then what is the same in one line. */
function differencesText({ rows, comparison }: ConfigComparison, paint: Paint): string {
  const shown = rows.filter(({ same, isQuantity }) => same === false || (comparison.same === true && isQuantity));
  if (shown.length === 0) return '';
  const cells = shown.map(({ name, formula, first, second, ratio }) => [
    name,
    paint('dim', formula),
    shortened(first),
    paint('bold', shortened(second)),
    ratio,
  ]);
  const head = ['', '', 'first', 'second', 'ratio'].map((cell) => paint('dim', cell));
  const equal = rows.filter((row) => row.same === true && !shown.includes(row) && !row.isOff);
  const alike = equal.length === 0 ? '' : wrap(`The same: ${equal.map(({ name }) => name).join(', ')}.`, WIDTH);
  return `${table([head, ...cells], ['left', 'left', 'right', 'right', 'left'])}\n${alike === '' ? '' : `${paint('dim', alike)}\n`}`;
}

function shortened(value: string): string {
  return value.length > 20 ? `${value.slice(0, 19)}…` : value;
}

/** What each difference means, and what cannot be compared. */
function reasonsText({ rows, comparison: { meaning } }: ConfigComparison, paint: Paint): string {
  const said = ({ key, why }: ComparedRow): boolean =>
    meaning.includes(why) || ((key === 'pace' || key === 'reach') && meaning.includes(' learn'));
  const lines = rows
    .filter((row) => row.same !== true && !said(row))
    .map(({ same, name, why }) => {
      const mark = same === null ? paint('yellow', '?') : paint('dim', '·');
      return `${mark} ${wrap(`${name}: ${why}`, WIDTH, '  ').trimStart()}`;
    });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** At most two are shown. */
function waysText(second: ChosenRecipe, { ways }: ConfigComparison, paint: Paint): string {
  const [best, next] = ways;
  if (!best) return '';
  const shown = [best, ...(next && next.left.length === best.left.length ? [next] : [])];
  const lead = `To make the second the same run as the first, change in ${second.file.path}`;
  const texts = shown.map((way) => wayText(way, paint));
  return `${wrap(lead, WIDTH)}\n${texts.join(`\n${paint('dim', 'or')}\n`)}\n`;
}

function wayText({ changes, left }: ConfigWay, paint: Paint): string {
  const remarks = { config: '', code: paint('dim', 'in code'), nowhere: paint('yellow', 'no key of this trainer') };
  const rows = changes.map(({ key, from, to, where }) => [
    `  ${key}`,
    shortened(from),
    '→',
    paint('bold', shortened(to)),
    remarks[where],
  ]);
  const over = left.join(', ');
  const rest = `\n${wrap(`What differs then: ${over}; one number cannot be right for A and B.`, WIDTH, '  ')}`;
  return `${table(rows, ['left', 'right'])}${over === '' ? '' : rest}`;
}
