import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { h, setAttribute, setText, type Component } from '../page/dom';
import { button } from '../page/toolkit';

/** The question beside the diff: is the change to be written? */
export function proposal(onAnswer: (write: boolean) => void): Component<PanelView> {
  const question = h('strong');
  const remark = h('p', { class: 'muted' });
  const write = button(l10n.t('Write'), 'primary', { id: 'write' }, () => onAnswer(true));
  const discard = button(l10n.t('Discard'), 'secondary', { id: 'discard' }, () => onAnswer(false));
  const element = h(
    'section',
    { id: 'proposal', class: 'card', role: 'status', 'aria-label': l10n.t('Question') },
    question,
    remark,
    h('div', { class: 'row' }, write, discard),
  );
  return {
    element,
    draw({ proposal, file }) {
      setAttribute(element, 'hidden', proposal === null);
      if (!proposal) return;
      setText(question, l10n.t`Write ${proposal.what} to ${file.name}?`);
      setText(remark, proposal.remark);
      setAttribute(remark, 'hidden', proposal.remark === '');
    },
  };
}
