import type { PanelState, PanelView } from '../../messages/panel';
import { setAttribute } from '../page/dom';
import { connectHost, type PageMemory } from './host';
import { liveRun } from '../runs/live-run';
import { page } from './panel-page';
import type { RunCurves } from '../runs/run-store';
import { useToolkit } from '../page/toolkit';

/** The panel's page: draws what the host says, tells the host what the user does. It decides nothing itself. */
export function startPanel(): void {
  useToolkit();
  let view: PanelView | null = null;
  let state: PanelState | null = null;
  let results: RunCurves | null = null;
  let drawn = false;

  const live = liveRun({
    askAll: () => host.notify('ready', undefined),
    started: (start) => host.notify('hereStarted', start),
    points: (points) => host.notify('herePoints', points),
    draw: () => draw(),
  });
  const { host, memory, remember } = connectHost({
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

  const { chosen } = memory;
  const panel = page({ host, chosen, onMemory: () => keep() });
  document.body.append(panel.element);

  function draw(): void {
    if (!view) return;
    panel.draw({ view, curves: live.curves(), results });
    if (drawn) return;
    drawn = true;
    restore(memory);
    setAttribute(document.body, 'data-ready', 'true');
  }
  function keep(): void {
    // Before the first view there is only what an earlier page kept; it must not be written over.
    if (!state) return;
    remember(state, {
      scroll: document.documentElement.scrollTop,
      chosen,
      open: [...document.querySelectorAll('details[open]')].map(({ id }) => id),
    });
  }
  document.addEventListener('scrollend', keep);
  document.addEventListener('toggle', keep, { capture: true });
  host.notify('ready', undefined);
}

function restore({ scroll, open }: PageMemory): void {
  for (const id of open) {
    const part = document.getElementById(id);
    if (part) setAttribute(part, 'open', true);
  }
  document.documentElement.scrollTop = scroll;
}
