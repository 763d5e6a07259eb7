import type { PanelView } from '../messages/panel';
import type { Place } from '../messages/place';
import { actions } from './actions';
import { changes } from './changes';
import { charts } from './charts';
import { h, setAttribute } from './dom';
import { fileMessage } from './file-message';
import { header } from './header';
import type { Host } from './host';
import { model } from './model';
import { networks } from './networks';
import { notes } from './notes';
import { plans } from './plans';
import { stepsOf, type RunCurves } from './run-store';
import { target } from './target';
import { verdict } from './verdict';

export interface PageView {
  view: PanelView;
  curves: RunCurves | null;
}

interface PageOptions {
  host: Host;
  /** Names of curves that are not drawn. */
  hidden: Set<string>;
  /** Told when the user changed what only the page keeps. */
  onMemory(): void;
}

/** Every part of the page in its place; two columns where there is room (panel.css). */
export function page({ host, hidden, onMemory }: PageOptions): { element: HTMLElement; draw(view: PageView): void } {
  const reveal = (place: Place): void => host.notify('reveal', place);
  const parts = {
    header: header(),
    message: fileMessage(reveal),
    networks: networks((network) => host.notify('setNetwork', { network })),
    target: target((alpha) => host.notify('setTarget', { alpha })),
    plans: plans((plan) => host.notify('setPlan', { plan })),
    model: model((task) => host.notify('setTask', { task })),
    changes: changes({
      reveal,
      copy: (text, what) => host.notify('copy', { text, what }),
      openRules: () => host.notify('openRules', undefined),
    }),
    notes: notes(),
  };
  const answer = verdict(() => host.notify('stop', undefined));
  const pictures = charts({ hidden, onChange: onMemory });
  const buttons = actions(host);
  const content = h(
    'div',
    { id: 'panel', class: 'columns' },
    h('div', {}, parts.target.element, parts.plans.element, parts.model.element, parts.changes.element),
    h('div', {}, answer.element, ...pictures.elements, parts.notes.element),
  );
  const element = h(
    'main',
    {},
    parts.header.element,
    parts.message.element,
    parts.networks.element,
    content,
    buttons.element,
  );
  return {
    element,
    draw({ view, curves }) {
      for (const part of Object.values(parts)) part.draw(view);
      const own = curves?.id === view.run.id ? curves : null;
      answer.draw({ view, steps: stepsOf(own) });
      pictures.draw({ run: view.run, curves });
      buttons.draw({ view, curves: own });
      for (const part of [content, buttons.element]) setAttribute(part, 'hidden', view.recipe === null);
      setAttribute(document.body, 'data-run', view.run.state);
      setAttribute(document.body, 'data-file', view.file.state);
    },
  };
}
