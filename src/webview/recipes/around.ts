import * as l10n from '@vscode/l10n';
import type { RecipeRow, RecipesHost, RecipesView } from '../../messages/recipes';
import { type Component, h, setAttribute, setText, whenChanged } from '../page/dom';
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
  const { element: exports, trigger } = menu('export', l10n.t('Export'), [
    {
      id: 'save-csv',
      label: l10n.t('Save as CSV…'),
      choose: () => host.notify('save', { kind: 'csv', data: rowsAsCsv(exported) }),
    },
    {
      id: 'save-markdown',
      label: l10n.t('Save as Markdown…'),
      choose: () => host.notify('save', { kind: 'md', data: rowsAsMarkdown(exported) }),
    },
    {
      id: 'copy-markdown',
      label: l10n.t('Copy as Markdown'),
      choose: () => host.notify('copy', { text: rowsAsMarkdown(exported), what: l10n.t('The recipes') }),
    },
  ]);
  const status = h('span', { class: 'muted', role: 'status', id: 'chosen' });
  const element = h(
    'div',
    { class: 'recipes-bar', role: 'group', 'aria-label': l10n.t('Actions') },
    compare,
    exports,
    status,
  );
  return {
    element,
    draw(shown, chosen, hidden) {
      pair = chosen.length === 2 ? chosen : [];
      // In the order of the table; what the filter hides comes last.
      exported =
        chosen.length === 0
          ? shown
          : [...shown.filter((row) => chosen.includes(row)), ...chosen.filter((row) => !shown.includes(row))];
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
  const words = h('span');
  const action = h('button', { type: 'button', class: 'link' });
  let act = (): void => undefined;
  action.addEventListener('click', () => act());
  const element = h('span', { class: 'muted scan' }, words, ' ', action);
  return {
    element,
    draw(scan) {
      const { text, label, act: next } = sayings(scan, host);
      act = next;
      setText(words, text);
      setText(action, label);
      setAttribute(element, 'hidden', text === '');
    },
  };
}

function sayings(
  { state, looked, total, hitLimit }: RecipesView['scan'],
  host: RecipesHost,
): { text: string; label: string; act: () => void } {
  if (state === 'running') {
    return {
      text: total === 0 ? l10n.t('Listing the files…') : progressText(looked, total),
      label: l10n.t('Stop'),
      act: () => host.notify('stop', undefined),
    };
  }
  if (state === 'stopped') {
    return {
      text: l10n.t`Stopped after ${looked} of ${total} files.`,
      label: l10n.t('Continue'),
      act: () => host.notify('refresh', undefined),
    };
  }
  return {
    text: hitLimit ? l10n.t`Only the first ${total} files were read.` : '',
    label: l10n.t('Change the limit'),
    act: () => host.notify('openSettings', undefined),
  };
}

function progressText(looked: number, total: number): string {
  return l10n.t`${looked} of ${total} files read`;
}

/** Why the table is empty. */
type Reason = 'no-folder' | 'scanning' | 'partly' | 'none' | 'filtered';

interface EmptyWords {
  title: string;
  text: string;
  actions: readonly { id: string; label: string; act: () => void }[];
}

/** The smallest config there is, as a trainer reads it. */
const EXAMPLE = 'adapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

/** What stands in place of an empty table: why it is empty, and what to do. */
export function nothingShown(
  host: RecipesHost,
  clearFilter: () => void,
): Component<{ view: RecipesView; filter: string }> {
  const title = h('h2');
  const text = h('p', { class: 'muted' });
  const example = h('pre', { class: 'code', 'aria-label': l10n.t('A config') }, EXAMPLE);
  const buttons = h('div', { class: 'buttons' });
  const element = h('div', { class: 'nothing' }, title, text, example, buttons);
  const again = [
    { id: 'look-again', label: l10n.t('Look again'), act: () => host.notify('refresh', undefined) },
    { id: 'settings', label: l10n.t('Excluded files…'), act: () => host.notify('openSettings', undefined) },
  ];
  const words: Readonly<Record<Reason, (filter: string) => EmptyWords>> = {
    'no-folder': () => ({
      title: l10n.t('No folder is open'),
      text: l10n.t('The table lists the LoRA configs of the open folder.'),
      actions: [{ id: 'open-folder', label: l10n.t('Open folder…'), act: () => host.notify('openFolder', undefined) }],
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
      actions: [{ id: 'clear-filter', label: l10n.t('Clear the filter'), act: clearFilter }],
    }),
  };
  const draw = whenChanged(({ reason, filter }: { reason: Reason; filter: string }) => {
    const { title: heading, text: body, actions } = words[reason](filter);
    setText(title, heading);
    setText(text, body);
    setAttribute(example, 'hidden', reason !== 'none');
    buttons.replaceChildren(
      ...actions.map(({ id, label, act }, index) => button(label, index === 0 ? 'primary' : 'secondary', { id }, act)),
    );
  });
  return {
    element,
    draw: ({ view, filter }) => draw({ reason: reasonOf(view), filter }),
  };
}

function reasonOf({ rows, scan, hasFolder }: RecipesView): Reason {
  if (rows.length > 0) return 'filtered';
  if (!hasFolder) return 'no-folder';
  if (scan.state === 'running') return 'scanning';
  return scan.state === 'stopped' || scan.hitLimit ? 'partly' : 'none';
}
