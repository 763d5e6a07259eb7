import * as v from 'valibot';
import { hostContract, pageContract, type PanelState, type PanelView } from '../../messages/panel';
import { setAttribute } from '../page/dom';
import { openHost } from '../page/page';
import { liveRun, type RunCurves } from '../runs/live-run';
import { page } from './panel-page';

/** The panel's page: draws what the host says, tells the host what the user does. It decides nothing itself. */
export function startPanel(): void {
  let view: PanelView | null = null;
  let state: PanelState | null = null;
  let results: RunCurves | null = null;
  let drawn = false;

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

  const memory = v.parse(pageMemory, vscode.getState()).page;
  const { chosen } = memory;
  const panel = page({ host, chosen, onMemory: () => keep() });
  document.body.append(panel.element);

  function draw(): void {
    if (!view) return;
    panel.draw({ view, curves: live.curves(), results });
    if (drawn) return;
    drawn = true;
    for (const id of memory.open) {
      const part = document.getElementById(id);
      if (part) setAttribute(part, 'open', true);
    }
    document.documentElement.scrollTop = memory.scroll;
    setAttribute(document.body, 'data-ready', 'true');
  }
  function keep(): void {
    // Before the first view there is only what an earlier page kept; it must not be written over.
    if (!state) return;
    const { scrollTop: scroll } = document.documentElement;
    const open = [...document.querySelectorAll('details[open]')].map(({ id }) => id);
    vscode.setState({ ...state, page: { scroll, chosen, open } });
  }
  document.addEventListener('scrollend', keep);
  document.addEventListener('toggle', keep, { capture: true });
  host.notify('ready', undefined);
}

/** What the page itself keeps beside the host's state, before it is hidden or the window is reloaded. */
const pageMemory = v.fallback(
  v.object({
    page: v.object({
      scroll: v.fallback(v.number(), 0),
      chosen: v.object({
        more: v.fallback(v.boolean(), false),
        raw: v.fallback(v.boolean(), false),
        solo: v.fallback(v.nullable(v.string()), null),
      }),
      open: v.fallback(v.array(v.string()), []),
    }),
  }),
  () => ({ page: { scroll: 0, chosen: { more: false, raw: false, solo: null }, open: [] } }),
);
