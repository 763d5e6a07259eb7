import * as l10n from '@vscode/l10n';
/**
 * `3, 4 and 9`.
 * @param most the largest number of items; if there are more, the last item counts the rest
 * @param rest the word for the rest: `more`
 * @param count the number of items, if only the first `most` + 1 of them are given
 */
export function listed(words: readonly string[], most = 6, rest = l10n.t('more'), count = words.length): string {
  const shown = count > most ? [...words.slice(0, most - 1), `${count - most + 1} ${rest}`] : words;
  return shown.length < 2 ? shown.join('') : l10n.t`${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
