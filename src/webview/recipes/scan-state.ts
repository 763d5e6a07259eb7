import * as l10n from '@vscode/l10n';
import type { RecipesView, RecipesHost } from '../../messages/recipes';
import { h, setAttribute, setText, type Component } from '../page/dom';

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
