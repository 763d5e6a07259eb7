import * as l10n from '@vscode/l10n';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { numberLabel } from '../../recipe/notation';
import type { Notes } from '../understand/notes';
import { GENERIC_NAMES } from '../trainers/generic/index';
import { isNoRule, wordOf } from '../optimizers/word';
import type { MapNode } from '../syntax/tree';
import { isVaried, numbersOf, rolesOf, type Swept } from './roles';
import type { Combination, SearchRuns } from '../reading';
import { ratePower, sameRuns } from './same-runs';
import { dimensionsIn } from './space';

const HINT = /\bsuggest_\w|\b(?:parameters|params|search_space|param_space|space|hp_space|distributions)\b/;
/** More combinations than this are counted, not compared. */
const MAX_COMBINATIONS = 2000;
/** Pairs that are named in a message. */
const NAMED = 4;

/** Whether a text may hold a search space, before its trees are searched. */
export const mayHoldSearch = (text: string): boolean => HINT.test(text);

/** Notes a search that varies alpha alone or with the learning rate, and which of its runs are the same. */
export function findSwept(root: MapNode, notes: Notes): void {
  const swept = rolesOf(dimensionsIn(root));
  if (!swept) return;
  const { alpha, learningRate } = swept;
  const rows = rowsOf(swept);
  const laws = rows.map(lawOf).join('; ');
  if (!learningRate || !isVaried(learningRate.choice)) {
    const message = l10n.t`This search varies ${alpha.name} at one learning rate. Except for the size of the init, that is a search for the learning rate: ${laws}. Vary the learning rate at one alpha instead.`;
    notes.add('info', 'alpha-swept', message, alpha.at);
    return;
  }
  const search = runsOf(swept, rows);
  const message = [
    l10n.t`This search varies ${alpha.name} and ${learningRate.name} together. Except for the size of the init, one of them is redundant: ${laws}.`,
    ...pairsOf(swept, rows, search),
    l10n.t`Keep ${alpha.name} and vary only ${learningRate.name}.`,
  ].join(' ');
  notes.add('warning', 'swept-together', message, alpha.at, [], search ? { search } : {});
}

/** The known optimizers of the search, or AdamW and SGD if it names none. */
function rowsOf({ optimizer }: Swept): OptimizerRow[] {
  const names = optimizer?.choice.kind === 'values' ? optimizer.choice.values.map(String) : [];
  const known = names.flatMap((name) => {
    const word = wordOf(GENERIC_NAMES, name);
    const row = word && !isNoRule(word) ? optimizerRow(word.row) : undefined;
    return row && !row.noRule ? [row] : [];
  });
  const usual = ['adamw', 'sgd'].flatMap((id) => optimizerRow(id) ?? []);
  return known.length > 0 ? [...new Set(known)] : usual;
}

/** `under AdamW alpha × 4 is the learning rate × 2`. */
function lawOf(row: OptimizerRow): string {
  return l10n.t`under ${row.title} alpha × 4 is the learning rate × ${numberLabel(4 ** -ratePower(row))}`;
}

/** The runs of a search with listed values; null where it has ranges, or more combinations than are compared. */
function runsOf({ alpha, learningRate, rank }: Swept, rows: readonly OptimizerRow[]): SearchRuns | null {
  const alphas = numbersOf(alpha.choice);
  const rates = learningRate && numbersOf(learningRate.choice);
  if (!alphas || !rates || alphas.length * rates.length > MAX_COMBINATIONS) return null;
  return {
    alpha: alpha.name,
    learningRate: learningRate.name,
    eachRank: rank !== null && isVaried(rank.choice),
    under: rows.map((row) => ({ optimizer: row.title, runs: sameRuns(alphas, rates, row) })),
  };
}

/** Which pairs of alpha and learning rate are the same run: one sentence, or none. */
function pairsOf({ alpha, learningRate }: Swept, rows: readonly OptimizerRow[], search: SearchRuns | null): string[] {
  if (!search) {
    const alphas = numbersOf(alpha.choice);
    const rates = learningRate && numbersOf(learningRate.choice);
    if (!alphas || !rates) return rangesOf(alpha.choice, rows);
    return [l10n.t`Many of its ${alphas.length * rates.length} combinations are the same run.`];
  }
  const said = search.under.map(({ optimizer, runs }) => {
    const equal = runs.filter((group) => group.length > 1);
    if (equal.length === 0)
      return l10n.t`under ${optimizer}: no two of them are the same run, but each is another learning rate at one alpha`;
    const named = equal.slice(0, NAMED).map((group) => group.map(labelOf).join(' = '));
    const shown = equal.length > NAMED ? [...named, '…'] : named;
    return l10n.t`under ${optimizer}: ${runs.length} runs that differ (${shown.join(', ')})`;
  });
  const each = said.join('; ');
  const count = search.under[0]?.runs.flat().length ?? 0;
  return search.eachRank
    ? [l10n.t`The ${count} pairs of alpha and learning rate at each rank are, ${each}.`]
    : [l10n.t`The ${count} pairs of alpha and learning rate are, ${each}.`];
}

function rangesOf(choice: Swept['alpha']['choice'], rows: readonly OptimizerRow[]): string[] {
  const numbers = choice.kind === 'range' ? [choice.from, choice.to] : (numbersOf(choice) ?? []);
  const span = Math.max(...numbers) / Math.min(...numbers);
  if (!(span > 1 && Number.isFinite(span))) return [];
  const wider = rows.map((row) => l10n.t`by ${numberLabel(span ** -ratePower(row))} under ${row.title}`).join(', ');
  return [l10n.t`Varying alpha only makes the range of learning rates wider: ${wider}.`];
}

const labelOf = ({ alpha, learningRate }: Combination): string =>
  `(${numberLabel(alpha)}, ${numberLabel(learningRate)})`;
