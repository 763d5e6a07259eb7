import * as l10n from '@vscode/l10n';
import type { PanelView, TargetChoice, PanelHost } from '../../messages/panel';
import type { FilePlace } from '../../messages/place';
import { answerCard } from './answer-card';
import { howTrained, plans } from './plan-list';
import { liveView } from './live-view';
import { header, networks, notUnderstood, notes, resultsAbout, resultsWords, runSwitch } from './parts';
import { isShown, target } from './target';
import { h, setAttribute } from '../page/dom';
import { focusKeeper } from '../page/page';
import { type ChartChoice, charts } from '../plots/charts';
import { actions } from './actions';
import { applied, fileMessage, proposal } from './banners';
import { type RunCurves, stepsOf } from '../runs/live-run';
import { verdict } from '../runs/verdict-box';
import { NO_TARGET, verdictWordsOf } from '../runs/verdict-box-words';

interface PageView {
  view: PanelView;
  curves: RunCurves | null;
  /** The curves of the opened results. */
  results: RunCurves | null;
}

interface PageCallbacks {
  host: PanelHost;
  chosen: ChartChoice;
  onMemory(): void;
}

/** Every part of the page in its place; two columns where there is room (media/panel/page.css). */
export function page({ host, chosen, onMemory }: PageCallbacks): { element: HTMLElement; draw(view: PageView): void } {
  let last: PageView | null = null;
  const reveal = (place: FilePlace): void => host.notify('reveal', place);
  const top = header();
  const field = target(
    (choice) => host.notify('setTarget', choice),
    () => last && draw(last),
  );
  const parts = {
    message: fileMessage(reveal),
    proposal: proposal((write) => host.notify('answer', { write })),
    applied: applied(host),
    networks: networks((network) => host.notify('setNetwork', { network })),
    answer: answerCard(host),
    plans: plans((plan) => host.notify('setPlan', { plan })),
    trained: howTrained((task) => host.notify('setTask', { task })),
    notUnderstood: notUnderstood(reveal),
    notes: notes(),
  };
  const judged = verdict('verdict', l10n.t('Verdict'), host);
  const which = runSwitch((isShown) => host.notify('showResults', { isShown }));
  const about = resultsAbout();
  const pictures = charts({ chosen, onChange: onMemory });
  const bar = actions(host);
  const further = h('section.s-further', parts.trained.element, parts.notes.element);
  const left = h('div', field.element, parts.answer.element, parts.plans.element, further);
  const proof = [which.element, judged.element, about.environment, parts.notUnderstood.element];
  const right = h('div', ...proof, ...pictures.elements, about.modules);
  const content = h('div.columns', { id: 'panel' }, left, right);
  const { message, proposal: question, applied: done, networks: tabs } = parts;
  const above = [top, message, question, done, tabs].map((part) => part.element);
  const element = h('main', ...above, content, bar.element);

  const keepFocus = focusKeeper(NEXT_FOCUS);
  const draw = (next: PageView): void => keepFocus(() => show(next));
  function show(next: PageView): void {
    const before = last?.view;
    last = next;
    field.draw(next.view);
    const choice = field.choice();
    const state = stateOf(choice, next.view);
    const view =
      state === 'current'
        ? next.view
        : state === 'live' && choice
          ? liveView(next.view, choice)
          : withoutTarget(next.view);
    for (const part of Object.values(parts)) part.draw(view);
    field.factor(state === 'wrong' || !view.recipe ? null : view.target.k);
    top.draw({ view, isKnown: state !== 'wrong' });
    const opened = view.results?.isShown ? view.results : null;
    // The host has not compared the results with a target that it does not know yet.
    const results = opened && { ...opened.run, stale: opened.run.stale || state !== 'current' };
    const run = results ?? view.run;
    const drawn = results ? next.results : next.curves;
    const own = drawn?.id === run.id ? drawn : null;
    const steps = stepsOf(own);
    const isWithout = state === 'wrong' && view.run.state !== 'running';
    const words = isWithout ? NO_TARGET : verdictWordsOf(view, steps);
    judged.draw({ words: results ? resultsWords(results) : words, run, steps });
    pictures.draw({ run, curves: drawn });
    bar.draw({ view, drawn: run, curves: own, current: state === 'current' ? choice : null });
    which.draw(view.results);
    about.draw(opened);
    // Results that come while the page is shown may be out of sight.
    if (opened && before && before.results?.run.id !== opened.run.id)
      which.element.scrollIntoView({ block: 'nearest' });
    for (const part of [content, bar.element]) setAttribute(part, 'hidden', view.recipe === null);
    for (const part of [parts.plans, parts.trained, parts.answer])
      setAttribute(part.element, 'inert', state === 'wrong');
    setAttribute(document.body, 'data-target', state);
    setAttribute(document.body, 'data-run', view.run.state);
    setAttribute(document.body, 'data-file', view.file.state);
  }
  return { element, draw };
}

const NEXT_FOCUS = {
  run: ['stop'],
  stop: ['run'],
  apply: ['write'],
  write: ['insert-code', 'create-code', 'undo', 'apply'],
  discard: ['apply'],
  undo: ['apply', 'target'],
  'create-code': ['undo'],
  'insert-code': ['undo'],
};

/** `live`: the host has not planned the field's target yet. `wrong`: the field holds none. */
function stateOf(choice: TargetChoice | null, view: PanelView): 'current' | 'live' | 'wrong' {
  if (view.recipe === null) return 'current';
  if (choice === null) return 'wrong';
  return isShown(choice, view) ? 'current' : 'live';
}

/** The view beside a field without a target: nothing of it is the answer. */
function withoutTarget(view: PanelView): PanelView {
  return { ...view, run: { ...view.run, stale: view.run.state !== 'none' }, canApply: false };
}
