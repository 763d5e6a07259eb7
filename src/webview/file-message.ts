import type { PanelView } from '../messages/panel';
import { h, setAttribute, setText, type Part } from './dom';

const HEADLINES: Readonly<Record<Exclude<PanelView['file']['state'], 'ok'>, string>> = {
  broken: 'The file has an error',
  foreign: 'This is not a LoRA config',
  gone: 'The file is gone',
};

/** What is wrong with the file, or why alpha cannot be changed here; first of all, because all below depends on it. */
export function fileMessage(onReveal: (line: number) => void): Part<PanelView> {
  const headline = h('strong');
  const detail = h('span');
  const link = h('button', { type: 'button', class: 'link' });
  const last = h('span', { class: 'muted' }, 'Below is the last state that could be read.');
  const element = h(
    'div',
    { id: 'file-message', class: 'banner', role: 'status' },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, '!'),
    h('p', {}, headline, ' ', detail, ' ', link, ' ', last),
  );
  let line: number | null = null;
  link.addEventListener('click', () => line !== null && onReveal(line));
  return {
    element,
    draw({ file, refusal, recipe, target }) {
      // The alpha that stands in the file already is no trouble; the verdict's box says so.
      const refused = refusal !== null && target.k !== 1;
      const broken = file.state !== 'ok';
      line = broken ? file.line : null;
      setAttribute(element, 'hidden', !broken && !refused);
      setAttribute(element, 'data-kind', broken ? 'error' : 'refusal');
      setText(headline, file.state === 'ok' ? 'No plan for this config.' : `${HEADLINES[file.state]}.`);
      setText(detail, (broken ? file.message : refusal) ?? '');
      setText(link, `Show line ${line ?? ''}`);
      setAttribute(link, 'hidden', line === null);
      setAttribute(last, 'hidden', !broken || recipe === null);
    },
  };
}
