import * as l10n from '@vscode/l10n';
import type { AppliedView, PanelHost, PanelView } from '../../messages/panel';
import { filePlaceOf, placeLabel, type FilePlace } from '../../messages/place';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { button } from '../page/toolkit';

const HEADLINES: Readonly<Record<Exclude<PanelView['file']['state'], 'ok'>, string>> = {
  broken: l10n.t('The file has an error'),
  unread: l10n.t('The file is not read'),
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
  let place: FilePlace | null = null;
  const headline = h('strong');
  const detail = h('span');
  const link = h('button.link', { onclick: () => place && onReveal(place) });
  const last = h('span.muted', l10n.t('Below is the last state that could be read.'));
  const words = h('p', headline, ' ', detail, ' ', link, ' ', last);
  const symbol = h('span.symbol', { 'aria-hidden': 'true' }, '!');
  const element = h('div.banner', { id: 'file-message', role: 'status' }, symbol, words);
  return {
    element,
    draw({ file, refusal, recipe, target, locked }) {
      // A target equal to the file's own alpha is no problem; the verdict box says so.
      const refused = refusal !== null && target.k !== 1;
      const broken = file.state !== 'ok';
      place = broken ? filePlaceOf(file) : null;
      setAttribute(element, 'hidden', !broken && !refused && locked === null);
      setAttribute(element, 'data-kind', broken ? 'error' : 'refusal');
      const [reason, rest] = firstSentence(locked ?? '');
      const refusedWords = refused ? l10n.t('No plan for this config.') : reason;
      setText(headline, file.state !== 'ok' ? `${HEADLINES[file.state]}.` : refusedWords);
      const lockedWords = l10n.t`${rest} Apply cannot write this plan.`.trim();
      setText(detail, (broken ? file.message : refused ? refusal : lockedWords) ?? '');
      setText(link, place ? l10n.t`Show ${placeLabel(place)}` : '');
      setAttribute(link, 'hidden', place === null);
      setAttribute(last, 'hidden', !broken || recipe === null);
    },
  };
}

/** The question beside the diff: is the change to be written? */
export function proposal(onAnswer: (write: boolean) => void): Component<PanelView> {
  const question = h('strong');
  const remark = h('p.muted');
  const write = button(l10n.t('Write'), 'primary', { id: 'write' }, () => onAnswer(true));
  const discard = button(l10n.t('Discard'), 'secondary', { id: 'discard' }, () => onAnswer(false));
  const attributes = { id: 'proposal', role: 'status', 'aria-label': l10n.t('Question') };
  const element = h('section.card', attributes, question, remark, h('div.row', write, discard));
  return {
    element,
    draw({ proposal: asked, file }) {
      setAttribute(element, 'hidden', asked === null);
      if (!asked) return;
      setText(question, l10n.t`Write ${asked.what} to ${file.name}?`);
      setText(remark, asked.remark);
      setAttribute(remark, 'hidden', asked.remark === '');
    },
  };
}

/** After Apply: what was written, what is still to be done by hand, and the way back. */
export function applied(host: PanelHost): Component<PanelView> {
  const headline = h('strong');
  const list = h('ul.checklist');
  const undo = button(l10n.t('Undo'), 'secondary', { id: 'undo' }, () => host.notify('undo', undefined));
  const attributes = { id: 'applied', role: 'status', 'aria-label': l10n.t('Applied') };
  const element = h('section.card', attributes, h('div.heading', headline, undo), list);
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

function itemsOf(view: AppliedView, host: PanelHost): HTMLElement[] {
  const { outside, code, codeFile, isCodePlaced, isNamed, canInsert } = view;
  const items = [item(true, l10n.t('The config is written.'))];
  if (outside !== '') items.push(item(false, l10n.t`Not in this file, so change it where it is set: ${outside}.`));
  if (code === null) return items;
  const act = (id: string, label: string, onClick: () => void): HTMLElement =>
    button(label, 'secondary', { id }, onClick);
  const place = (into: 'script' | 'new-file') => (): void => host.notify('placeCode', { into });
  const copied = { text: code, what: l10n.t('The init code') };
  const buttons = [
    !isCodePlaced && canInsert && act('insert-code', l10n.t('Insert at the cursor'), place('script')),
    !isCodePlaced && codeFile && act('create-code', createLabel(codeFile), place('new-file')),
    act('copy-applied-code', l10n.t('Copy'), () => host.notify('copy', copied)),
  ];
  const words = isCodePlaced
    ? l10n.t('The init code is placed.')
    : l10n.t('Add the init code, which no key of the config replaces.');
  const shown = h('pre.code', { tabindex: 0, 'aria-label': l10n.t('Init code') }, code);
  items.push(item(isCodePlaced, words, shown, h('div.row', ...buttons)));
  if (codeFile?.configLine) {
    const { configLine, needs } = codeFile;
    const named = isNamed ? l10n.t`The config names it: ${configLine}` : l10n.t`Add to the config: ${configLine}`;
    items.push(item(isNamed, named));
    if (needs !== '') items.push(item(false, needs));
  }
  return items;
}

/** The button's label. If the config must name the code, one click writes both the file and that line. */
function createLabel({ name, configLine }: NonNullable<AppliedView['codeFile']>): string {
  return configLine === '' ? l10n.t`Create ${name}` : l10n.t`Create ${name} and name it in the config`;
}

function item(isDone: boolean, text: string, ...more: HTMLElement[]): HTMLElement {
  const state = isDone ? l10n.t('done') : l10n.t('to do');
  const symbol = h('span.symbol', { 'aria-hidden': 'true' }, isDone ? '✓' : '○');
  return h('li', { 'data-done': isDone }, symbol, h('div', h('span.hidden-text', `${state}: `), text, ...more));
}
