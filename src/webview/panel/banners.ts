import * as l10n from '@vscode/l10n';
import type { AppliedView, PanelView, PanelHost } from '../../messages/panel';
import { type FilePlace, filePlaceOf, placeLabel } from '../../messages/place';
import { type Component, h, setAttribute, setText, whenChanged } from '../page/dom';
import { button } from '../page/toolkit';

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

/** After Apply: what was written, what is still to be done by hand, and the way back. */
export function applied(host: PanelHost): Component<PanelView> {
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
  host: PanelHost,
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
