import { hostContract, pageContract, type PanelState } from '../../messages/panel';
import { connect, type Handlers, type Peer } from '../../messages/rpc';
import type { ChartChoice } from '../plots/charts';
import { openVsCode, reportFaults } from '../page/vscode-api';

/** The extension host, as the page sees it. */
export type Host = Peer<typeof hostContract>;

/** What the page itself keeps beside the host's state; the host never sees it. */
export interface PageMemory {
  scroll: number;
  /** How the plots are drawn. */
  chosen: ChartChoice;
  /** Ids of the folded-out parts. */
  open: string[];
}

export interface Connection {
  host: Host;
  /** What `remember` kept before the page was hidden or the window was reloaded. */
  memory: PageMemory;
  remember(state: PanelState, memory: PageMemory): void;
}

/** Connects to the extension host. May be called once: VS Code hands its interface out only once. */
export function connectHost(handlers: Handlers<typeof pageContract>): Connection {
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
