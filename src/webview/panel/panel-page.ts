import type { PanelView } from '../../messages/panel';
import type { FilePlace } from '../../messages/place';
import { actions } from './actions';
import { changes } from '../answer/changes-table';
import { charts } from '../plots/charts';
import { h, setAttribute } from '../page/dom';
import { fileMessage } from './file-message';
import { header } from './header';
import type { Host } from './host';
import { model } from '../answer/model-choice';
import { networks } from '../answer/networks';
import { notUnderstood } from '../answer/not-understood-list';
import { notes } from './notes';
import { plans } from '../answer/plan-list';
import { stepsOf, type RunCurves } from './run-store';
import { target } from '../answer/target-field';
import { verdict } from './verdict-box';

export interface PageView {
  view: PanelView;
  curves: RunCurves | null;
}

interface PageCallbacks {
  host: Host;
  /** Names of curves that are not drawn. */
  hidden: Set<string>;
  /** Told when the user changed what only the page keeps. */
  onMemory(): void;
}

/** Every part of the page in its place; two columns where there is room (panel.css). */
export function page({ host, hidden, onMemory }: PageCallbacks): { element: HTMLElement; draw(view: PageView): void } {
  let last: PageView | null = null;
  const reveal = (place: FilePlace): void => host.notify('reveal', place);
  const top = header();
  const parts = {
    message: fileMessage(reveal),
    networks: networks((network) => host.notify('setNetwork', { network })),
    target: target(
      (alpha) => host.notify('setTarget', { alpha }),
      () => last && draw(last),
    ),
    plans: plans((plan) => host.notify('setPlan', { plan })),
    model: model((task) => host.notify('setTask', { task })),
    changes: changes({
      reveal,
      copy: (text, what) => host.notify('copy', { text, what }),
      openRules: () => host.notify('openRules', undefined),
    }),
    notUnderstood: notUnderstood(reveal),
    notes: notes(),
  };
  const answer = verdict(() => host.notify('stop', undefined));
  const pictures = charts({ hidden, onChange: onMemory });
  const buttons = actions(host);
  const content = h(
    'div',
    { id: 'panel', class: 'columns' },
    h('div', {}, parts.target.element, parts.plans.element, parts.model.element, parts.changes.element),
    h('div', {}, answer.element, parts.notUnderstood.element, ...pictures.elements, parts.notes.element),
  );
  const element = h('main', {}, top.element, parts.message.element, parts.networks.element, content, buttons.element);
  function draw(next: PageView): void {
    last = next;
    const { curves } = next;
    parts.target.draw(next.view);
    const field = fieldState(parts.target.alpha(), next.view);
    const view = field === 'current' ? next.view : outdated(next.view);
    for (const part of Object.values(parts)) if (part !== parts.target) part.draw(view);
    const own = curves?.id === view.run.id ? curves : null;
    top.draw({ view, isCurrent: field === 'current' });
    answer.draw({ view, steps: stepsOf(own), isWrong: field === 'wrong' });
    pictures.draw({ run: view.run, curves });
    buttons.draw({ view, curves: own, isCurrent: field === 'current' });
    for (const part of [content, buttons.element]) setAttribute(part, 'hidden', view.recipe === null);
    for (const part of [parts.plans, parts.model, parts.changes])
      setAttribute(part.element, 'inert', field === 'wrong');
    setAttribute(document.body, 'data-target', field);
    setAttribute(document.body, 'data-run', view.run.state);
    setAttribute(document.body, 'data-file', view.file.state);
  }
  return { element, draw };
}

/** Whether what the host says is about the alpha in the field: it is not while typing goes on, or where that is no alpha. */
function fieldState(alpha: number | null, { recipe, target }: PanelView): 'current' | 'pending' | 'wrong' {
  if (recipe === null || alpha === target.alpha) return 'current';
  return alpha === null ? 'wrong' : 'pending';
}

/** The same view, about another alpha than the one in the field: it must not pass for the answer. */
function outdated(view: PanelView): PanelView {
  return { ...view, run: { ...view.run, stale: view.run.state !== 'none' }, canApply: false };
}
