import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { placeLabel, filePlaceOf, type FilePlace } from '../../messages/place';
import { h, setAttribute, setText, type Component } from '../page/dom';

const HEADLINES: Readonly<Record<Exclude<PanelView['file']['state'], 'ok'>, string>> = {
  broken: l10n.t('The file has an error'),
  foreign: l10n.t('This is not a LoRA config'),
  gone: l10n.t('The file is gone'),
};

/** The reason stands out, and what to do about it follows. */
function firstSentence(text: string): [first: string, rest: string] {
  const end = /[.!?](?= [A-Z\u201c`])/.exec(text);
  return end ? [text.slice(0, end.index + 1), text.slice(end.index + 2)] : [text, ''];
}

/** What is wrong with the file, or why alpha cannot be changed here; first of all, because all below depends on it. */
export function fileMessage(onReveal: (place: FilePlace) => void): Component<PanelView> {
  const headline = h('strong');
  const detail = h('span');
  const link = h('button', { type: 'button', class: 'link' });
  const last = h('span', { class: 'muted' }, l10n.t('Below is the last state that could be read.'));
  const element = h(
    'div',
    { id: 'file-message', class: 'banner', role: 'status' },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, '!'),
    h('p', {}, headline, ' ', detail, ' ', link, ' ', last),
  );
  let place: FilePlace | null = null;
  link.addEventListener('click', () => place && onReveal(place));
  return {
    element,
    draw({ file, refusal, recipe, target, locked }) {
      // The alpha that stands in the file already is no trouble; the verdict's box says so.
      const refused = refusal !== null && target.k !== 1;
      const broken = file.state !== 'ok';
      place = broken ? filePlaceOf(file) : null;
      setAttribute(element, 'hidden', !broken && !refused && locked === null);
      setAttribute(element, 'data-kind', broken ? 'error' : 'refusal');
      const [reason, rest] = firstSentence(locked ?? '');
      setText(
        headline,
        file.state !== 'ok' ? `${HEADLINES[file.state]}.` : refused ? l10n.t('No plan for this config.') : reason,
      );
      setText(
        detail,
        (broken ? file.message : refused ? refusal : l10n.t`${rest} Apply cannot write this plan.`.trim()) ?? '',
      );
      setText(link, place ? l10n.t`Show ${placeLabel(place)}` : '');
      setAttribute(link, 'hidden', place === null);
      setAttribute(last, 'hidden', !broken || recipe === null);
    },
  };
}
