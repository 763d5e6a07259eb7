import * as l10n from '@vscode/l10n';
import type { RecipesView, RecipesHost } from '../../messages/recipes';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';

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
