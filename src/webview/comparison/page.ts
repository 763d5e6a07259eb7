import * as l10n from '@vscode/l10n';
import {
  type ComparisonHost,
  type ComparisonView,
  type WayView,
  comparisonHostContract,
  comparisonPageContract,
} from '../../messages/comparison';
import { connect } from '../../messages/rpc';
import { type Component, breakable, disclosure, h, setAttribute, setText, whenChanged } from '../page/dom';
import { focusKeeper, openVsCode, reportFaults } from '../page/page';
import { button, useToolkit } from '../page/toolkit';
import { type RunCurves, liveRun } from '../runs/live-run';
import { comparisonAsText } from './as-text';
import { comparisonVerdict, isOutdated, sides } from './sides';
import { differences, signature } from './tables';
import { training } from './training';

/** The page that compares two configs: draws what the host says, tells the host what the user does. */
export function startComparison(): void {
  useToolkit();
  let view: ComparisonView | null = null;
  const { vscode, port } = openVsCode();
  const live = liveRun({
    askAll: () => host.notify('ready', undefined),
    started: (start) => host.notify('hereStarted', start),
    points: (points) => host.notify('herePoints', points),
    draw: () => draw(),
  });
  const host = connect(
    port,
    comparisonPageContract,
    {
      view(next) {
        view = next.view;
        draw();
        vscode.setState(next.state);
        setAttribute(document.body, 'data-ready', 'true');
      },
      ...live.handlers,
    },
    comparisonHostContract,
    { onFault: (message) => host.notify('fault', { message }) },
  );
  reportFaults((message) => host.notify('fault', { message }));
  const page = comparisonPage(host);
  function draw(): void {
    if (view) page.draw(view, live.curves());
  }
  document.body.append(page.element);
  host.notify('ready', undefined);
}

/** Every part of the page in its place: both files, the verdict, the differences, the ways to the same run. */
function comparisonPage(host: ComparisonHost): {
  element: HTMLElement;
  draw(view: ComparisonView, curves: RunCurves | null): void;
} {
  let view: ComparisonView | null = null;
  const foot = h('p', { class: 'note muted foot' });
  const assumed = disclosure('assumed', l10n.t('What is assumed'), foot);
  const copy = button(l10n.t('Copy as text'), 'secondary', { id: 'copy-comparison' }, () => {
    if (view) host.notify('copy', { text: comparisonAsText(view), what: l10n.t('The comparison') });
  });
  const above = [sides(host), comparisonVerdict()];
  const below = [differences(host), ways((way) => host.notify('apply', { way })), signature()];
  const trained = training(host);
  const keepFocus = focusKeeper({ run: ['stop'], stop: ['run'] });
  const actions = h('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, copy);
  const element = h(
    'main',
    { class: 'comparison' },
    ...above.map((part) => part.element),
    trained.element,
    ...below.map((part) => part.element),
    assumed,
    actions,
  );
  return {
    element,
    draw(next, curves) {
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

/** The ways to make the second the same run as the first: name, what is written, and a button that writes it. */
function ways(onApply: (way: WayView['id']) => void): Component<ComparisonView> {
  const heading = h('h2', { id: 'ways-heading' });
  const list = h('div', { class: 'ways' });
  const element = h('section', { 'aria-labelledby': 'ways-heading' }, heading, list);
  const draw = whenChanged(({ all, name, isOld }: { all: readonly WayView[]; name: string; isOld: boolean }) => {
    // One button stands out: the first way that can be written.
    const best = all.find(({ refusal }) => refusal === null);
    list.replaceChildren(...all.map((way) => wayOf(way, { isBest: way === best, isOld }, name, onApply)));
  });
  return {
    element,
    draw(view) {
      const { ways: all, first, second } = view;
      setAttribute(element, 'hidden', all.length === 0);
      setText(heading, l10n.t`Make ${second.name} match ${first.name}`);
      draw({ all, name: second.name, isOld: isOutdated(view) });
    },
  };
}

function wayOf(
  way: WayView,
  { isBest, isOld }: { isBest: boolean; isOld: boolean },
  file: string,
  onApply: (way: WayView['id']) => void,
): HTMLElement {
  const { id, title, needs, changes, left, refusal } = way;
  const apply = button(
    l10n.t('Apply to file…'),
    isBest ? 'primary' : 'secondary',
    { id: `apply-${id}`, 'aria-label': l10n.t`Apply to file… (${file}): ${title}` },
    () => onApply(id),
  );
  apply.disabled = isOld;
  return h(
    'article',
    { class: 'way', 'aria-label': title },
    h('h3', {}, title, ' ', h('span', { class: 'muted needs' }, needs)),
    h('ul', { class: 'changes', 'aria-label': l10n.t`${title}: change in ${file}` }, ...changes.map(changeOf)),
    ...(left === '' ? [] : [h('p', { class: 'note muted' }, left)]),
    refusal === null ? apply : h('p', { class: 'note muted' }, l10n.t`Apply is locked: ${refusal}`),
  );
}

/** `lora_alpha 64 → 16` */
function changeOf({ key, from, to, note }: WayView['changes'][number]): HTMLElement {
  return h(
    'li',
    {},
    ...breakable(key),
    ' ',
    h('span', { class: 'muted' }, `${from} →`),
    ' ',
    h('b', {}, to),
    ...(note === '' ? [] : [' ', h('span', { class: 'muted aside' }, note)]),
  );
}
