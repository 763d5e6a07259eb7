import '../page/localise';
import type { PanelState, PanelView } from '../../messages/panel';
import { setAttribute } from '../page/dom';
import { connectHost, type PageMemory } from './host';
import { page } from './panel-page';
import { hereRunner } from './run-here';
import { withPoints, type RunCurves } from './run-store';
import { useToolkit } from '../page/toolkit';

/** The panel's page: draws what the host says, tells the host what the user does. It decides nothing itself. */
function start(): void {
  useToolkit();
  let view: PanelView | null = null;
  let state: PanelState | null = null;
  let curves: RunCurves | null = null;
  let drawn = false;
  let waiting = false;

  const here = hereRunner(document.body.dataset, {
    started: (run, start) => host.notify('hereStarted', { run, ...start }),
    points: (run, points) => host.notify('herePoints', { run, ...points }),
  });
  const { host, memory, remember } = connectHost({
    view(next) {
      ({ view, state } = next);
      if (state.run && curves?.id !== state.run.view.id) {
        curves = withPoints(curves, { id: state.run.view.id, from: 0, losses: state.run.losses });
      }
      draw();
      keep();
    },
    points(points) {
      const before = curves;
      curves = withPoints(curves, points);
      if (curves) drawSoon();
      else {
        curves = before;
        host.notify('ready', undefined);
      }
    },
    runHere: ({ run, spec }) => here.run(run, spec),
    stopHere: () => here.stop(),
  });

  const { chosen } = memory;
  const panel = page({ host, chosen, onMemory: () => keep() });
  document.body.append(panel.element);

  function draw(): void {
    waiting = false;
    if (!view) return;
    panel.draw({ view, curves });
    if (drawn) return;
    drawn = true;
    restore(memory);
    setAttribute(document.body, 'data-ready', 'true');
  }
  /** Points come faster than a screen can show them. */
  function drawSoon(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
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

start();
