import * as l10n from '@vscode/l10n';
import type { ComparisonView, SideView } from '../../messages/comparison';
import { markdownTable } from '../page/table-text';

/** The whole comparison as Markdown, to be pasted into a note or a review. */
export function comparisonAsText(view: ComparisonView): string {
  const { first, second, verdict, settings, differences, ways, training, foot } = view;
  const names = [first.name, second.name];
  return [
    sideText(first),
    sideText(second),
    '',
    `${verdict?.headline ?? l10n.t('Nothing to compare')}. ${verdict?.detail ?? ''}`.trim(),
    ...table(
      [l10n.t('setting'), ...names, l10n.t('ratio')],
      settings.map(({ name, first: mine, second: other, ratio }) => [name, mine.text, other.text, ratio]),
    ),
    ...table(
      [l10n.t('what'), ...names, l10n.t('ratio'), l10n.t('why')],
      differences.map(({ name, first: mine, second: other, ratio, why }) => [name, mine, other, ratio || '?', why]),
    ),
    ...ways.flatMap(({ title, changes, left }) => {
      const moves = changes.map(({ key, from, to, note }) => `${key} ${from} → ${to}${note ? ` (${note})` : ''}`);
      return ['', `${title}: ${moves.join(', ')}.${left ? ` ${left}` : ''}`];
    }),
    ...trainedText(training),
    ...(foot === '' ? [] : ['', foot]),
    '',
  ].join('\n');
}

/** The verdict of the last training, while it is about these files. */
function trainedText(training: ComparisonView['training']): string[] {
  const { verdict, stale } = training?.run ?? { verdict: null, stale: false };
  if (!verdict || stale) return [];
  const { headline, evidence, detail, aside } = verdict;
  return ['', l10n.t`Trained side by side: ${headline}. ${evidence || detail} ${aside}`.trim()];
}

function sideText({ file, name, recipe }: SideView): string {
  return `- ${name}: ${file.path}${recipe ? ` (${recipe.what}; ${recipe.scaling})` : ''}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns = headings.map((heading) => ({ heading }));
  return rows.length === 0 ? [] : ['', ...markdownTable(columns, rows)];
}
