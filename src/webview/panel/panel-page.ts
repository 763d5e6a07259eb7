import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { hostContract, pageContract } from '../../messages/panel';
import type { PanelHost, PanelState, PanelView, TargetChoice } from '../../messages/panel';
import { drawPage, h, type Html } from '../page/dom';
import { focusKeeper, openHost } from '../page/page';
import { charts } from '../plots/charts';
import { liveRun, type RunCurves, stepsOf } from '../runs/live-run';
import { verdict } from '../runs/verdict-box';
import { NO_TARGET, verdictLines, verdictWordsOf } from '../runs/verdict-box-words';
import { actions, applyByKey } from './actions';
import { answerCard } from './answer-card';
import { applied, fileMessage } from './banners';
import { liveView } from './live-view';
import {
  header,
  networks,
  notes,
  notUnderstood,
  resultsEnvironment,
  resultsModules,
  resultsRemarks,
  runSwitch,
} from './parts';
import { howTrained, plans } from './plan-list';
import { isShown, target } from './target';

/** What the page itself keeps beside the host's state, before it is hidden or the window is reloaded. */
const chosenCurves = v.object({ more: v.boolean(), raw: v.boolean(), solo: v.nullable(v.string()) });
const pageMemory = v.fallback(
  v.object({ page: v.object({ scroll: v.number(), chosen: chosenCurves, open: v.array(v.string()) }) }),
  () => ({ page: { scroll: 0, chosen: { more: false, raw: false, solo: null }, open: [] } }),
);

const NEXT_FOCUS = {
  run: ['stop'],
  stop: ['run'],
  apply: ['write'],
  write: ['save-config', 'insert-code', 'create-code', 'undo', 'apply'],
  'save-config': ['insert-code', 'create-code', 'undo'],
  finish: ['apply', 'target'],
  discard: ['apply'],
  undo: ['apply', 'target'],
  'create-code': ['undo'],
  'insert-code': ['undo'],
};

/** The panel's page: draws what the host says, tells the host what the user does. It decides nothing itself. */
export function startPanel(): void {
  let view: PanelView | null = null;
  let state: PanelState | null = null;
  /** The curves of the opened results, and the results that were drawn last. */
  let results: RunCurves | null = null;
  let opened: number | null | undefined;

  const live = liveRun(
    () => host,
    () => draw(),
  );
  const { host, vscode } = openHost(pageContract, hostContract, {
    view(next) {
      ({ view, state } = next);
      if (state.run && live.curves()?.id !== state.run.view.id) {
        live.take({ id: state.run.view.id, from: 0, losses: state.run.losses });
      }
      draw();
      keep();
    },
    results(losses) {
      // The view that shows them comes next.
      results = losses;
    },
    ...live.handlers,
  });
  const { chosen, open, scroll } = v.parse(pageMemory, vscode.getState()).page;
  const field = target(
    (choice) => host.notify('setTarget', choice),
    () => draw(),
  );
  const pictures = charts(chosen, () => {
    draw();
    keep();
  });
  const keepFocus = focusKeeper(NEXT_FOCUS, ['write']);
  applyByKey();
  window.addEventListener('resize', () => draw());

  function draw(): void {
    if (!view) return;
    field.take(view);
    const shown = { view, curves: live.curves(), results };
    keepFocus(() => drawPage(pageOf(shown, field, pictures, host)));
    pictures.paint();
    const now = view.results?.run.id ?? null;
    // Results that come while the page is shown may be out of sight.
    if (view.results?.isShown && opened !== undefined && now !== opened) {
      document.getElementById('which-run')?.scrollIntoView({ block: 'nearest' });
    }
    if (opened === undefined) {
      for (const id of open) document.getElementById(id)?.setAttribute('open', '');
      document.documentElement.scrollTop = scroll;
      document.body.dataset['ready'] = 'true';
    }
    opened = now;
  }
  function keep(): void {
    // Before the first view there is only what an earlier page kept; it must not be written over.
    if (!state) return;
    const { scrollTop } = document.documentElement;
    const unfolded = [...document.querySelectorAll('details[open]')].map(({ id }) => id);
    vscode.setState({ ...state, page: { scroll: scrollTop, chosen, open: unfolded } });
  }
  document.addEventListener('scrollend', keep);
  document.addEventListener('toggle', keep, { capture: true });
  host.notify('ready', undefined);
}

interface Shown {
  view: PanelView;
  curves: RunCurves | null;
  results: RunCurves | null;
}

/**
 * Every part of the page in the order in which it is seen: the answer, what proves it, other plans. Where there is room
 * for two columns (media/panel/page.css), the plans are below the answer.
 */
function pageOf(
  { view: told, ...curves }: Shown,
  field: ReturnType<typeof target>,
  pictures: ReturnType<typeof charts>,
  host: PanelHost,
): Html {
  const choice = field.choice();
  const state = stateOf(choice, told);
  const isWrong = state === 'wrong';
  const view = state === 'live' && choice ? liveView(told, choice) : isWrong ? withoutTarget(told) : told;
  Object.assign(document.body.dataset, { target: state, run: view.run.state, file: view.file.state });
  const opened = view.results?.isShown ? view.results : null;
  // The host has not compared the results with a target that it does not know yet.
  const isOther = opened !== null && !opened.isRecording && state !== 'current';
  const results = opened && { ...opened.run, stale: opened.run.stale || isOther };
  const run = results ?? view.run;
  const drawn = results ? curves.results : curves.curves;
  const own = drawn?.id === run.id ? drawn : null;
  const steps = run.done ?? stepsOf(own);
  const isWithout = isWrong && view.run.state !== 'running';
  const words = results
    ? { ...verdictLines(results.verdict, null), stale: results.stale }
    : isWithout
      ? NO_TARGET
      : verdictWordsOf(view, steps);
  const inert = { inert: isWrong };
  const isNarrow = document.documentElement.clientWidth < 760;
  const proof = h(
    'div',
    { id: 'proof' },
    runSwitch(view.results, host),
    verdict({ id: 'verdict', label: l10n.t('Verdict'), host, words, run, steps }),
    resultsEnvironment(opened),
    resultsRemarks(opened, host),
    notUnderstood(view, host),
    pictures.html(run, drawn),
    resultsModules(opened),
  );
  const others = h(
    'div',
    { id: 'others' },
    plans(view, host, inert),
    h('section.s-further', howTrained(view, host, inert), notes(view)),
  );
  return h(
    'main',
    header(view, !isWrong),
    fileMessage(view, host),
    applied(view, host),
    networks(view, host),
    h(
      'div.columns',
      { id: 'panel', hidden: view.recipe === null, 'data-narrow': isNarrow },
      h(
        'div',
        { id: 'answer' },
        field.html(told, isWrong || !view.recipe ? null : view.target.k),
        answerCard(view, host, inert),
      ),
      isNarrow ? [proof, others] : [others, proof],
    ),
    actions({ view, drawn: run, curves: own, current: state === 'current' ? choice : null, told: field.told }, host),
  );
}

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
