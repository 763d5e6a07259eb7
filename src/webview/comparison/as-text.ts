import * as l10n from '@vscode/l10n';
import type { ComparisonView, RunRow, SideView } from '../../messages/comparison';

/** The whole comparison as Markdown, to be pasted into a note or a review. */
export function comparisonAsText({
  first,
  second,
  verdict,
  settings,
  differences,
  ways,
  foot,
}: ComparisonView): string {
  const rows = (all: readonly RunRow[]): string[][] =>
    all.map(({ name, first, second, ratio, why }) => [name, first, second, ratio || '?', why]);
  return [
    sideText(l10n.t('First'), first),
    sideText(l10n.t('Second'), second),
    '',
    `${verdict?.headline ?? l10n.t('Nothing to compare')}. ${verdict?.detail ?? ''}`.trim(),
    ...table(
      [l10n.t('setting'), l10n.t('first'), l10n.t('second'), l10n.t('ratio')],
      settings.map(({ name, first, second, ratio }) => [name, first.text, second.text, ratio]),
    ),
    ...table(
      [l10n.t('what'), l10n.t('first'), l10n.t('second'), l10n.t('ratio'), l10n.t('why it matters')],
      rows(differences),
    ),
    ...ways.flatMap(({ title, changes, left }) => [
      '',
      `${title}: ${changes.map(({ key, from, to, note }) => `${key} ${from} → ${to}${note ? ` (${note})` : ''}`).join(', ')}.${left ? ` ${left}` : ''}`,
    ]),
    ...(foot === '' ? [] : ['', foot]),
    '',
  ].join('\n');
}

function sideText(label: string, { file, recipe }: SideView): string {
  return `${label}: ${file.path}${recipe ? ` (${recipe.what}; ${recipe.scaling})` : ''}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return ['', line(headings), line(headings.map(() => '-')), ...rows.map(line)];
}
