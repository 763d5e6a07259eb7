import type { ComparedRow, ConfigComparison } from '../../config/compare/compare-configs';
import type { ConfigWay } from '../../config/compare/ways';
import { scalingEquation } from '../../recipe/notation';
import { RecipeError } from '../../recipe/recipe';
import { oneLine } from '../../recipe/visible';
import { usage, type ExitCode } from '../failure';
import { compared as comparedOf } from '../../run/compared';
import { chooseRecipe, type ChosenRecipe } from '../files/config-file';
import { STDIN } from '../files/files';
import { type Ended, forEach } from '../files/several';
import { aboutWords } from '../output/changes-text';
import { comparisonJson } from '../../messages/answers';
import { VERDICTS } from '../output/run-text';
import { headed, item, paint, shortened, table, wrap } from '../output/text';

interface CompareOptions {
  network?: string;
  otherNetwork?: string;
  json?: boolean;
}

/** How each answer looks, and its exit status: as the verdict of a check. */
const LOOKS = { same: 'identical', nearly: 'nearly', different: 'different', unknown: 'undecided' } as const;

/** `compare A B…`: whether two configs, of whatever trainers, are the same run, and if not, by what they differ. */
export function compareCommand(path: string, others: string[], options: CompareOptions): Promise<ExitCode> {
  return forEach(others, options, (other) => compareWith(path, other, options));
}

async function compareWith(path: string, otherPath: string, options: CompareOptions): Promise<Ended> {
  if (path === STDIN && otherPath === STDIN) throw usage('standard input can be one of both, not both');
  const first = await chooseRecipe(path, options.network, true);
  const second = await chooseRecipe(otherPath, options.otherNetwork ?? options.network, true);
  try {
    const compared = comparedOf(first, second);
    const document = comparisonJson(compared, [first.reading, second.reading]);
    const { exitCode } = VERDICTS[LOOKS[compared.verdict]];
    return { exitCode, document, text: comparisonText(first, second, compared) };
  } catch (error) {
    throw error instanceof RecipeError ? usage(error.message) : error;
  }
}

/** What `compare` says: both configs, the verdict, what differs and why, and what would make them one run. */
function comparisonText(first: ChosenRecipe, second: ChosenRecipe, compared: ConfigComparison): string {
  const { meaning } = compared.comparison;
  const { mark, style } = VERDICTS[LOOKS[compared.verdict]];
  const verdict = wrap(`${mark} ${meaning}`).split('\n');
  const parts = [
    `${headText(first, 'first')}\n${headText(second, 'second')}`,
    verdict.map((line, i) => paint(style, i === 0 ? line : `  ${line}`)).join('\n'),
    differencesText(compared),
    reasonsText(compared),
    waysText(second, compared),
    paint('dim', wrap(compared.foot)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headText(chosen: ChosenRecipe, label: string): string {
  const name = `${paint('dim', label.padEnd(6))}  ${paint('bold', oneLine(chosen.file.path))}`;
  return [name, paint('dim', aboutWords(chosen)), `s = ${scalingEquation(chosen.recipe)}`].join('\n        ');
}

/** Every quantity, or those that differ where the runs are different; then what is the same in one line. */
function differencesText({ rows, comparison }: ConfigComparison): string {
  const shown = rows.filter(({ same, isQuantity }) => same === false || (comparison.same === true && isQuantity));
  if (shown.length === 0) return '';
  const cells = shown.map(({ name, formula, first, second, ratio }) => {
    return [name, paint('dim', formula), shortened(first, 15), paint('bold', shortened(second, 15)), ratio];
  });
  const equal = rows.filter((row) => row.same === true && !shown.includes(row) && !row.isOff);
  const alike = `The same: ${equal.map(({ name }) => name).join(', ')}.`;
  return `${headed(['', '', 'first', 'second', 'ratio'], cells, 'llrr')}${equal.length === 0 ? '' : `\n${paint('dim', wrap(alike))}`}`;
}

/** What each difference means, and what cannot be compared. */
function reasonsText({ rows, comparison: { meaning } }: ConfigComparison): string {
  const isSaid = ({ key, why }: ComparedRow): boolean =>
    meaning.includes(why) || ((key === 'pace' || key === 'reach') && meaning.includes(' learn'));
  return rows
    .filter((row) => row.same !== true && !isSaid(row))
    .map(({ same, name, why }) => item(same === null ? paint('yellow', '?') : paint('dim', '·'), `${name}: ${why}`))
    .join('\n');
}

/** At most two are shown. */
function waysText(second: ChosenRecipe, { ways }: ConfigComparison): string {
  const [best, next] = ways.filter(({ changes }) => changes.length > 0);
  if (!best) return '';
  const shown = [best, ...(next && next.left.length === best.left.length ? [next] : [])];
  const lead = `To make the second the same run as the first, change in ${second.file.path}`;
  return `${wrap(lead)}\n${shown.map(wayText).join(`\n${paint('dim', 'or')}\n`)}`;
}

function wayText({ changes, left }: ConfigWay): string {
  const remarks = { config: '', code: paint('dim', 'in code'), nowhere: paint('yellow', 'no key of this trainer') };
  const rows = changes.map(({ key, from, to, where }) => {
    return [`  ${key}`, shortened(from, 15), '→', paint('bold', shortened(to, 15)), remarks[where]];
  });
  const rest = `What differs then: ${left.join(', ')}; one number cannot be right for A and B.`;
  return `${table(rows, 'lr')}${left.length === 0 ? '' : `\n${wrap(rest, 78, '  ')}`}`;
}
