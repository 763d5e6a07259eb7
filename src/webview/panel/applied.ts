import * as l10n from '@vscode/l10n';
import type { AppliedView, PanelView } from '../../messages/panel';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';
import type { Host } from './host';

/** After Apply: what was written, what is still to be done by hand, and the way back. */
export function applied(host: Host): Component<PanelView> {
  const headline = h('strong');
  const list = h('ul', { class: 'checklist' });
  const undo = button(l10n.t('Undo'), 'secondary', { id: 'undo' }, () => host.notify('undo', undefined));
  const element = h(
    'section',
    { id: 'applied', class: 'card', role: 'status', 'aria-label': l10n.t('Applied') },
    h('div', { class: 'heading' }, headline, undo),
    list,
  );
  const draw = whenChanged((view: AppliedView) => {
    setText(headline, l10n.t`Applied: ${view.what}`);
    list.replaceChildren(...itemsOf(view, host));
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.applied === null);
      if (view.applied) draw(view.applied);
    },
  };
}

function itemsOf(
  { outside, code, codeFile, isCodePlaced, isNamed, canInsert }: AppliedView,
  host: Host,
): HTMLElement[] {
  const items = [item(true, l10n.t('The config is written.'))];
  if (outside !== '') items.push(item(false, l10n.t`Not in this file, so change it where it is set: ${outside}.`));
  if (code === null) return items;
  const copy = button(l10n.t('Copy'), 'secondary', { id: 'copy-applied-code' }, () =>
    host.notify('copy', { text: code, what: l10n.t('The init code') }),
  );
  const insert = button(l10n.t('Insert at the cursor'), 'secondary', { id: 'insert-code' }, () =>
    host.notify('placeCode', { into: 'script' }),
  );
  const create =
    codeFile &&
    button(createLabel(codeFile), 'secondary', { id: 'create-code' }, () =>
      host.notify('placeCode', { into: 'new-file' }),
    );
  const done = isCodePlaced
    ? l10n.t('The init code is placed.')
    : l10n.t('Add the init code, which no key of the config replaces.');
  items.push(
    item(
      isCodePlaced,
      done,
      h('pre', { class: 'code', tabindex: 0, 'aria-label': l10n.t('Init code') }, code),
      h(
        'div',
        { class: 'row' },
        ...(isCodePlaced ? [] : [...(canInsert ? [insert] : []), ...(create ? [create] : [])]),
        copy,
      ),
    ),
  );
  if (codeFile?.configLine) {
    const { configLine, needs } = codeFile;
    items.push(
      item(isNamed, isNamed ? l10n.t`The config names it: ${configLine}` : l10n.t`Add to the config: ${configLine}`),
      ...(needs === '' ? [] : [item(false, needs)]),
    );
  }
  return items;
}

/** The button's label. If the config must name the code, one click writes both the file and that line. */
function createLabel({ name, configLine }: NonNullable<AppliedView['codeFile']>): string {
  return configLine === '' ? l10n.t`Create ${name}` : l10n.t`Create ${name} and name it in the config`;
}

function item(isDone: boolean, text: string, ...more: HTMLElement[]): HTMLElement {
  const state = isDone ? l10n.t('done') : l10n.t('to do');
  return h(
    'li',
    { 'data-done': isDone },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, isDone ? '✓' : '○'),
    h('div', {}, h('span', { class: 'hidden-text' }, `${state}: `), text, ...more),
  );
}
