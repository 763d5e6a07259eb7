import * as l10n from '@vscode/l10n';
import { comparisonHostContract, comparisonPageContract } from '../../messages/comparison';
import type { ComparisonHost, ComparisonView, WayView } from '../../messages/comparison';
import { breakable, disclosure, h, section, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { focusKeeper, openHost } from '../page/page';
import { button } from '../page/toolkit';
import { liveRun, type RunCurves } from '../runs/live-run';
import { comparisonAsText } from './as-text';
import { comparisonVerdict, isOutdated, sides } from './sides';
import { differences, signature } from './tables';
import { training } from './training';

/** The page that compares two configs: draws what the host says, tells the host what the user does. */
export function startComparison(): void {
  let view: ComparisonView | null = null;
  const live = liveRun(
    () => host,
    () => draw(),
  );
  const { host, vscode } = openHost(comparisonPageContract, comparisonHostContract, {
    view(next) {
      view = next.view;
      draw();
      vscode.setState(next.state);
      setAttribute(document.body, 'data-ready', 'true');
    },
    ...live.handlers,
  });
  const page = comparisonPage(host);
  function draw(): void {
    if (view) page.draw(view, live.curves());
  }
  document.body.append(page.element);
  host.notify('ready', undefined);
}

/** Every part of the page in its place: both files, the verdict, the differences, the ways to the same run. */
function comparisonPage(host: ComparisonHost) {
  let view: ComparisonView | null = null;
  const foot = h('p.note.muted.foot');
  const assumed = disclosure('assumed', l10n.t('What is assumed'), foot);
  const copy = button(l10n.t('Copy as text'), 'secondary', { id: 'copy-comparison' }, () => {
    if (view) host.notify('copy', { text: comparisonAsText(view), what: l10n.t('The comparison') });
  });
  const above = [sides(host), comparisonVerdict()];
  const below = [differences(host), ways((way) => host.notify('apply', { way })), signature()];
  const trained = training(host);
  const keepFocus = focusKeeper({ run: ['stop'], stop: ['run'] });
  const actions = h('div.actions', { role: 'group', 'aria-label': l10n.t('Actions') }, copy);
  const elements = (parts: readonly Component<ComparisonView>[]): HTMLElement[] => parts.map((part) => part.element);
  const element = h('main.comparison', ...elements(above), trained.element, ...elements(below), assumed, actions);
  return {
    element,
    draw(next: ComparisonView, curves: RunCurves | null) {
      view = next;
      for (const part of [...above, ...below]) part.draw(next);
      keepFocus(() => trained.draw(next, curves));
      setText(foot, next.foot);
      setAttribute(assumed, 'hidden', next.foot === '');
      const isOld = isOutdated(next);
      setAttribute(element, 'data-stale', isOld);
      copy.disabled = next.verdict === null || isOld;
      setAttribute(document.body, 'data-verdict', next.verdict?.kind ?? 'none');
    },
  };
}

interface Ways {
  all: readonly WayView[];
  /** Of the file that is changed. */
  file: string;
  isOld: boolean;
}

/** The ways to make the second the same run as the first: name, what is written, and a button that writes it. */
function ways(onApply: (way: WayView['id']) => void): Component<ComparisonView> {
  const heading = h('h2');
  const list = h('div.ways');
  const element = section('', 'ways', heading, list);
  const draw = whenChanged(({ all, file, isOld }: Ways) => {
    // One button stands out: the first way that can be written.
    const best = all.find(({ refusal }) => refusal === null);
    const made = all.map((way) => {
      const { id, title } = way;
      const label = l10n.t`Apply to file… (${file}): ${title}`;
      const look = way === best ? 'primary' : 'secondary';
      const named = { id: `apply-${id}`, 'aria-label': label };
      const apply = button(l10n.t('Apply to file…'), look, named, () => onApply(id));
      apply.disabled = isOld;
      return wayElement(way, file, apply);
    });
    list.replaceChildren(...made);
  });
  return {
    element,
    draw(view) {
      const { ways: all, first, second } = view;
      setAttribute(element, 'hidden', all.length === 0);
      setText(heading, l10n.t`Make ${second.name} match ${first.name}`);
      draw({ all, file: second.name, isOld: isOutdated(view) });
    },
  };
}

function wayElement({ title, needs, changes, left, refusal }: WayView, file: string, apply: HTMLElement): HTMLElement {
  return h(
    'article.way',
    { 'aria-label': title },
    h('h3', title, ' ', h('span.muted.needs', needs)),
    h('ul.changes', { 'aria-label': l10n.t`${title}: change in ${file}` }, ...changes.map(changeOf)),
    left !== '' && h('p.note.muted', left),
    refusal === null ? apply : h('p.note.muted', l10n.t`Apply is locked: ${refusal}`),
  );
}

/** `lora_alpha 64 → 16` */
function changeOf({ key, from, to, note }: WayView['changes'][number]): HTMLElement {
  const remark = note === '' ? [] : [' ', h('span.muted.aside', note)];
  return h('li', ...breakable(key), ' ', h('span.muted', `${from} →`), ' ', h('b', to), ...remark);
}
