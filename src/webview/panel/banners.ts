import * as l10n from '@vscode/l10n';
import {
  filePlaceOf,
  isHere,
  placeLabel,
  type AppliedView,
  type PanelHost,
  type PanelView,
} from '../../messages/panel';
import { type Child, h, type Html, withCode } from '../page/dom';
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
export function fileMessage({ file, refusal, recipe, target, locked }: PanelView, host: PanelHost): Html {
  // A target equal to the file's own alpha is no problem; the verdict box says so.
  const refused = refusal !== null && !isHere({ recipe, target });
  const broken = file.state !== 'ok';
  const place = broken ? filePlaceOf(file) : null;
  const [reason, rest] = firstSentence(locked ?? '');
  const headline =
    file.state !== 'ok' ? `${HEADLINES[file.state]}.` : refused ? l10n.t('No plan for this config.') : reason;
  const detail = broken ? file.message : refused ? refusal : l10n.t`${rest} Apply cannot write this plan.`.trim();
  const reveal = { hidden: place === null, onclick: () => place && host.notify('reveal', place) };
  return h(
    'div.banner',
    {
      id: 'file-message',
      role: 'status',
      hidden: !broken && !refused && !locked,
      'data-kind': broken ? 'error' : 'refusal',
    },
    h('span.symbol', { 'aria-hidden': 'true' }, '!'),
    h(
      'p',
      h('strong', withCode(headline)),
      ' ',
      h('span', withCode(detail ?? '')),
      ' ',
      h('button.link', reveal, place && l10n.t`Show ${placeLabel(place)}`),
      ' ',
      h('span.muted', { hidden: !broken || recipe === null }, l10n.t('Below is the last state that could be read.')),
    ),
  );
}

/** After Apply: what was written, what is still to be done by hand, and the way back. */
export function applied({ applied: view }: PanelView, host: PanelHost): Html {
  const act = (id: 'undo' | 'finish', label: string): Html =>
    button(label, 'secondary', { id }, () => host.notify(id, undefined));
  return h(
    'section.card',
    { id: 'applied', role: 'status', 'aria-label': l10n.t('Applied'), hidden: view === null },
    h(
      'div.heading',
      h('strong', view && l10n.t`Applied: ${view.what}`),
      h('div.row', act('undo', l10n.t('Undo')), act('finish', l10n.t('Done'))),
    ),
    h('ul.checklist', view && itemsOf(view, host)),
  );
}

function itemsOf(view: AppliedView, host: PanelHost): Html[] {
  const { outside, code, codeFile, isSaved, isCodePlaced, isNamed, canInsert } = view;
  const act = (id: string, label: string, onClick: () => void): Html => button(label, 'secondary', { id }, onClick);
  const save = act('save-config', l10n.t('Save'), () => host.notify('saveConfig', undefined));
  const items = [
    isSaved
      ? item(true, l10n.t('The config is saved.'))
      : item(false, l10n.t('Config changed, not saved yet.'), h('div.row', save)),
  ];
  if (outside !== '') items.push(item(false, l10n.t`Not in this file, so change it where it is set: ${outside}.`));
  if (code === null) return items;
  const place = (into: 'script' | 'new-file') => (): void => host.notify('placeCode', { into });
  const copied = { text: code, what: l10n.t('The init code') };
  const words = isCodePlaced
    ? l10n.t('The init code is placed.')
    : l10n.t('Add the init code, which no key of the config replaces.');
  const buttons = h(
    'div.row',
    !isCodePlaced && canInsert && act('insert-code', l10n.t('Insert at the cursor'), place('script')),
    !isCodePlaced && codeFile && act('create-code', createLabel(codeFile), place('new-file')),
    act('copy-applied-code', l10n.t('Copy'), () => host.notify('copy', copied)),
  );
  const shown = h('pre.code', { tabindex: 0, 'aria-label': l10n.t('Init code') }, code);
  items.push(item(isCodePlaced, words, shown, buttons));
  if (codeFile?.configLine) {
    const { configLine, needs } = codeFile;
    const named = isNamed ? l10n.t`The config names it: ${configLine}` : l10n.t`Add to the config: ${configLine}`;
    items.push(item(isNamed, named));
    if (needs !== '') items.push(item(false, needs));
  }
  return items;
}

/** The button's label. If the config must name the code, one click writes both the file and that line. */
function createLabel({ name, configLine, isUpdate }: NonNullable<AppliedView['codeFile']>): string {
  if (isUpdate) return l10n.t`Update ${name}`;
  return configLine === '' ? l10n.t`Create ${name}` : l10n.t`Create ${name} and name it in the config`;
}

function item(isDone: boolean, text: string, ...more: Child[]): Html {
  const state = isDone ? l10n.t('done') : l10n.t('to do');
  const symbol = h('span.symbol', { 'aria-hidden': 'true' }, isDone ? '✓' : '○');
  return h('li', { 'data-done': isDone }, symbol, h('div', h('span.hidden-text', `${state}: `), text, ...more));
}
