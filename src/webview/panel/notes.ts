import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';

/** What the check assumes, and traps of the file. */
export function notes(): Component<PanelView> {
  const list = h('ul');
  const element = disclosure('notes', l10n.t('Notes'), list);
  element.classList.add('notes');
  const draw = whenChanged((texts: readonly string[]) => {
    list.replaceChildren(...texts.map((text) => h('li', {}, text)));
    setText(
      element.querySelector('summary') ?? list,
      texts.length === 1 ? l10n.t('1 note') : l10n.t`${texts.length} notes`,
    );
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.notes.length === 0);
      draw(view.notes);
    },
  };
}
