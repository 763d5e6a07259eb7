import * as l10n from '@vscode/l10n';
import type { RecipeRow, RecipesHost, RecipesView } from '../../messages/recipes';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button, menu } from '../page/toolkit';
import { rowsAsCsv, rowsAsMarkdown } from './rows';

interface RecipesBar {
  readonly element: HTMLElement;
  /**
   * @param chosen in the order they were chosen in
   * @param hidden how many of them the filter hides
   */
  draw(shown: readonly RecipeRow[], chosen: readonly RecipeRow[], hidden: number): void;
}

/** What can be done with the chosen rows; without any, all that are shown are exported. */
export function recipesBar(host: RecipesHost): RecipesBar {
  let exported: readonly RecipeRow[] = [];
  let pair: readonly RecipeRow[] = [];
  const compare = button(l10n.t('Compare'), 'primary', { id: 'compare' }, () => {
    const [first, second] = pair;
    if (first && second) host.notify('compare', { first: first.id, second: second.id });
  });
  const markdown = (): string => rowsAsMarkdown(exported);
  const saveCsv = (): void => host.notify('save', { kind: 'csv', data: rowsAsCsv(exported) });
  const saveMarkdown = (): void => host.notify('save', { kind: 'md', data: markdown() });
  const copyMarkdown = (): void => host.notify('copy', { text: markdown(), what: l10n.t('The recipes') });
  const { element: exports, trigger } = menu('export', l10n.t('Export'), [
    { id: 'save-csv', label: l10n.t('Save as CSV…'), choose: saveCsv },
    { id: 'save-markdown', label: l10n.t('Save as Markdown…'), choose: saveMarkdown },
    { id: 'copy-markdown', label: l10n.t('Copy as Markdown'), choose: copyMarkdown },
  ]);
  const status = h('span.muted', { role: 'status', id: 'chosen' });
  return {
    element: h('div.recipes-bar', { role: 'group', 'aria-label': l10n.t('Actions') }, compare, exports, status),
    draw(shown, chosen, hidden) {
      pair = chosen.length === 2 ? chosen : [];
      // In the order of the table; what the filter hides comes last.
      const inOrder = [...shown.filter((row) => chosen.includes(row)), ...chosen.filter((row) => !shown.includes(row))];
      exported = chosen.length === 0 ? shown : inOrder;
      compare.disabled = chosen.length !== 2;
      trigger.disabled = exported.length === 0;
      setText(trigger, l10n.t`Export ${exported.length} ▾`);
      setText(status, chosenText(chosen.length, hidden));
    },
  };
}

function chosenText(count: number, hidden: number): string {
  const rest = hidden === 0 ? '' : l10n.t` (${hidden} hidden by the filter)`;
  if (count === 0) return l10n.t('Choose two to compare');
  if (count === 1) return l10n.t`1 chosen${rest}, choose one more to compare`;
  if (count === 2) return l10n.t`2 chosen${rest}`;
  return l10n.t`${count} chosen${rest}, compare takes two`;
}

/** How far the scan is, and what can be done about it; nothing once all files were looked into. */
export function scanState(host: RecipesHost): Component<RecipesView['scan']> {
  let act: ScanWords[2] = 'stop';
  const words = h('span');
  const action = h('button.link', { onclick: () => host.notify(act, undefined) });
  const element = h('span.muted.scan', words, ' ', action);
  return {
    element,
    draw(scan) {
      const [text, label, next] = scanWords(scan);
      act = next;
      setText(words, text);
      setText(action, label);
      setAttribute(element, 'hidden', text === '');
    },
  };
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

type Reason = 'no-folder' | 'scanning' | 'partly' | 'none' | 'filtered';

/** What stands in place of an empty table, and its buttons: id, label, and what it does. */
interface EmptyWords {
  title: string;
  text: string;
  actions: readonly (readonly [id: string, label: string, act: () => void])[];
}

/** The smallest config there is, as a trainer reads it. */
const EXAMPLE = 'adapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

/** What stands in place of an empty table: why it is empty, and what to do. */
export function nothingShown(
  host: RecipesHost,
  clearFilter: () => void,
): Component<{ view: RecipesView; filter: string }> {
  const title = h('h2');
  const text = h('p.muted');
  const example = h('pre.code', { 'aria-label': l10n.t('A config') }, EXAMPLE);
  const buttons = h('div.buttons');
  const tell = (method: 'refresh' | 'openSettings' | 'openFolder') => (): void => host.notify(method, undefined);
  const again = [
    ['look-again', l10n.t('Look again'), tell('refresh')],
    ['settings', l10n.t('Excluded files…'), tell('openSettings')],
  ] as const;
  const words: Readonly<Record<Reason, (filter: string) => EmptyWords>> = {
    'no-folder': () => ({
      title: l10n.t('No folder is open'),
      text: l10n.t('The table lists the LoRA configs of the open folder.'),
      actions: [['open-folder', l10n.t('Open folder…'), tell('openFolder')]],
    }),
    scanning: () => ({
      title: l10n.t('Looking for LoRA configs…'),
      text: l10n.t('Each config shows as soon as it is read.'),
      actions: [],
    }),
    none: () => ({
      title: l10n.t('No LoRA config in this workspace'),
      text: l10n.t(
        'A config of any known trainer is listed: YAML, JSON, TOML, Python, a notebook or a command line. The smallest one for Axolotl:',
      ),
      actions: again,
    }),
    partly: () => ({
      title: l10n.t('No LoRA config in the files read so far'),
      text: l10n.t('Not every file of the workspace was read.'),
      actions: again,
    }),
    filtered: (filter) => ({
      title: l10n.t`No recipe matches “${filter}”`,
      text: l10n.t('The filter searches names, folders, trainers and numbers: axolotl lr 2e-4'),
      actions: [['clear-filter', l10n.t('Clear the filter'), clearFilter]],
    }),
  };
  const draw = whenChanged(({ reason, filter }: { reason: Reason; filter: string }) => {
    const { title: heading, text: body, actions } = words[reason](filter);
    setText(title, heading);
    setText(text, body);
    setAttribute(example, 'hidden', reason !== 'none');
    const made = actions.map(([id, label, act], i) => button(label, i === 0 ? 'primary' : 'secondary', { id }, act));
    buttons.replaceChildren(...made);
  });
  return {
    element: h('div.nothing', title, text, example, buttons),
    draw: ({ view, filter }) => draw({ reason: reasonOf(view), filter }),
  };
}

function reasonOf({ rows, scan, hasFolder }: RecipesView): Reason {
  if (rows.length > 0) return 'filtered';
  if (!hasFolder) return 'no-folder';
  if (scan.state === 'running') return 'scanning';
  return scan.state === 'stopped' || scan.hitLimit ? 'partly' : 'none';
}
