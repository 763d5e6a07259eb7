import * as l10n from '@vscode/l10n';
import type { ComparisonView, RunRow, SideView } from '../../messages/comparison';
import { markdownTable } from '../page/table-text';

/** The whole comparison as Markdown, to be pasted into a note or a review. */
export function comparisonAsText({
  first,
  second,
  verdict,
  settings,
  differences,
  ways,
  training,
  foot,
}: ComparisonView): string {
  const rows = (all: readonly RunRow[]): string[][] =>
    all.map(({ name, first: mine, second: other, ratio, why }) => [name, mine, other, ratio || '?', why]);
  return [
    sideText(first),
    sideText(second),
    '',
    `${verdict?.headline ?? l10n.t('Nothing to compare')}. ${verdict?.detail ?? ''}`.trim(),
    ...table(
      [l10n.t('setting'), first.name, second.name, l10n.t('ratio')],
      settings.map(({ name, first: mine, second: other, ratio }) => [name, mine.text, other.text, ratio]),
    ),
    ...table([l10n.t('what'), first.name, second.name, l10n.t('ratio'), l10n.t('why')], rows(differences)),
    ...ways.flatMap(({ title, changes, left }) => [
      '',
      `${title}: ${changes.map(({ key, from, to, note }) => `${key} ${from} → ${to}${note ? ` (${note})` : ''}`).join(', ')}.${left ? ` ${left}` : ''}`,
    ]),
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
  if (rows.length === 0) return [];
  return [
    '',
    ...markdownTable(
      headings.map((heading) => ({ heading })),
      rows,
    ),
  ];
}
