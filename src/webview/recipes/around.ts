import * as l10n from '@vscode/l10n';
import type { RecipeRow, RecipesHost, RecipesView } from '../../messages/recipes';
import { h, type Html } from '../page/dom';
import { button, menu } from '../page/toolkit';
import { rowsAsCsv, rowsAsMarkdown } from './rows';

/**
 * What can be done with the chosen rows; without any, all that are shown are exported.
 * @param chosen in the order they were chosen in
 */
export function recipesBar(
  shown: readonly RecipeRow[],
  chosen: readonly RecipeRow[],
  hidden: boolean,
  host: RecipesHost,
): Html {
  const isShown = new Set(shown);
  const filtered = chosen.filter((row) => !isShown.has(row));
  // In the order of the table; what the filter hides comes last.
  const exported = chosen.length === 0 ? shown : [...shown.filter((row) => chosen.includes(row)), ...filtered];
  const compare = button(l10n.t('Compare'), 'primary', { id: 'compare', disabled: chosen.length !== 2 }, () => {
    const [first, second] = chosen;
    if (first && second) host.notify('compare', { first: first.id, second: second.id });
  });
  const save = (kind: 'csv' | 'md') => (): void =>
    host.notify('save', { kind, data: kind === 'csv' ? rowsAsCsv(exported) : rowsAsMarkdown(exported) });
  const copy = (): void => host.notify('copy', { text: rowsAsMarkdown(exported), what: l10n.t('The recipes') });
  const title = l10n.t`Export ${exported.length} ▾`;
  const exports = menu({ id: 'export', label: l10n.t('Export'), title, isOff: exported.length === 0 }, [
    { id: 'save-csv', label: l10n.t('Save as CSV…'), choose: save('csv') },
    { id: 'save-markdown', label: l10n.t('Save as Markdown…'), choose: save('md') },
    { id: 'copy-markdown', label: l10n.t('Copy as Markdown'), choose: copy },
  ]);
  const status = h('span.muted', { role: 'status', id: 'chosen' }, chosenText(chosen.length, filtered.length));
  return h('div.recipes-bar', { role: 'group', 'aria-label': l10n.t('Actions'), hidden }, compare, exports, status);
}

function chosenText(count: number, hidden: number): string {
  const rest = hidden === 0 ? '' : l10n.t` (${hidden} hidden by the filter)`;
  if (count === 0) return l10n.t('Choose two to compare');
  if (count === 1) return l10n.t`1 chosen${rest}, choose one more to compare`;
  if (count === 2) return l10n.t`2 chosen${rest}`;
  return l10n.t`${count} chosen${rest}, compare takes two`;
}

/** How far the scan is, and what can be done about it; nothing once all files were looked into. */
export function scanState(scan: RecipesView['scan'], host: RecipesHost): Html {
  const [text, label, act] = scanWords(scan);
  const action = h('button.link', { onclick: () => host.notify(act, undefined) }, label);
  return h('span.muted.scan', { hidden: text === '' }, h('span', text), ' ', action);
}

type ScanWords = readonly [text: string, label: string, act: 'stop' | 'refresh' | 'openSettings'];

function scanWords({ state, looked, total, hitLimit }: RecipesView['scan']): ScanWords {
  if (state === 'running') {
    const text = total === 0 ? l10n.t('Listing the files…') : l10n.t`${looked} of ${total} files read`;
    return [text, l10n.t('Stop'), 'stop'];
  }
  if (state === 'stopped') return [l10n.t`Stopped after ${looked} of ${total} files.`, l10n.t('Continue'), 'refresh'];
  const text = hitLimit ? l10n.t`Only the first ${total} files were read.` : '';
  return [text, l10n.t('Change the limit'), 'openSettings'];
}

/** The smallest config there is, as a trainer reads it. */
const EXAMPLE = 'adapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

/** What stands in place of an empty table: why it is empty, and what to do. */
export function nothingShown(
  view: RecipesView,
  filter: string,
  hidden: boolean,
  host: RecipesHost,
  clearFilter: () => void,
): Html {
  const [title, text, actions, example = ''] = emptyWords(view, filter, host, clearFilter);
  const buttons = actions.map(([id, label, act], i) => button(label, i === 0 ? 'primary' : 'secondary', { id }, act));
  return h(
    'div.nothing',
    { hidden },
    h('h2', title),
    h('p.muted', text),
    h('pre.code', { 'aria-label': l10n.t('A config'), hidden: example === '' }, example),
    h('div.buttons', buttons),
  );
}

type EmptyWords = readonly [title: string, text: string, actions: readonly Action[], example?: string];
type Action = readonly [id: string, label: string, act: () => void];

function emptyWords(
  { rows, scan, hasFolder }: RecipesView,
  filter: string,
  host: RecipesHost,
  clearFilter: () => void,
): EmptyWords {
  const tell = (method: 'refresh' | 'openSettings' | 'openFolder') => (): void => host.notify(method, undefined);
  if (rows.length > 0) {
    const searched = l10n.t('The filter searches names, folders, trainers and numbers: axolotl lr 2e-4');
    const clear: Action = ['clear-filter', l10n.t('Clear the filter'), clearFilter];
    return [l10n.t`No recipe matches “${filter}”`, searched, [clear]];
  }
  if (!hasFolder) {
    const open: Action = ['open-folder', l10n.t('Open folder…'), tell('openFolder')];
    return [l10n.t('No folder is open'), l10n.t('The table lists the LoRA configs of the open folder.'), [open]];
  }
  if (scan.state === 'running') {
    return [l10n.t('Looking for LoRA configs…'), l10n.t('Each config shows as soon as it is read.'), []];
  }
  const actions: Action[] = [
    ['look-again', l10n.t('Look again'), tell('refresh')],
    ['settings', l10n.t('Excluded files…'), tell('openSettings')],
  ];
  if (scan.state === 'stopped' || scan.hitLimit) {
    const partly = l10n.t('Not every file of the workspace was read.');
    return [l10n.t('No LoRA config in the files read so far'), partly, actions];
  }
  const known = l10n.t(
    'A config of any known trainer is listed: YAML, JSON, TOML, Python, a notebook or a command line. The smallest one for Axolotl:',
  );
  return [l10n.t('No LoRA config in this workspace'), known, actions, EXAMPLE];
}
