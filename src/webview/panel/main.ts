import { type PanelHost, type PanelState, type PanelView, hostContract, pageContract } from '../../messages/panel';
import { type Handlers, connect } from '../../messages/rpc';
import { setAttribute } from '../page/dom';
import { openVsCode, reportFaults } from '../page/page';
import { useToolkit } from '../page/toolkit';
import type { ChartChoice } from '../plots/charts';
import { type RunCurves, liveRun } from '../runs/live-run';
import { page } from './panel-page';

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

/** What the page itself keeps beside the host's state; the host never sees it. */
interface PageMemory {
  scroll: number;
  /** How the plots are drawn. */
  chosen: ChartChoice;
  /** Ids of the folded-out parts. */
  open: string[];
}

interface Connection {
  host: PanelHost;
  /** What `remember` kept before the page was hidden or the window was reloaded. */
  memory: PageMemory;
  remember(state: PanelState, memory: PageMemory): void;
}

/** Connects to the extension host. May be called once: VS Code hands its interface out only once. */
function connectHost(handlers: Handlers<typeof pageContract>): Connection {
  const { vscode, port } = openVsCode();
  const host = connect(port, pageContract, handlers, hostContract, {
    onFault: (message) => host.notify('fault', { message }),
  });
  reportFaults((message) => host.notify('fault', { message }));
  return {
    host,
    memory: memoryIn(vscode.getState()),
    remember: (state, memory) => vscode.setState({ ...state, page: memory }),
  };
}

function memoryIn(state: unknown): PageMemory {
  const page: unknown = typeof state === 'object' && state !== null && 'page' in state ? state.page : null;
  const { scroll, chosen, open } = { ...(page as Partial<PageMemory> | null) };
  const { more, raw, solo } = { ...chosen };
  return {
    scroll: typeof scroll === 'number' ? scroll : 0,
    chosen: { more: more === true, raw: raw === true, solo: typeof solo === 'string' ? solo : null },
    open: texts(open),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
