import { hostContract, pageContract } from '../../src/messages/panel';
import { connect, type Port } from '../../src/messages/rpc';
import { stateOf } from './states';
import themes from './themes.json';

/** Stands in for VS Code around the page: its interface, its theme variables, and an extension that knows one state. */

interface Call {
  method: string;
  params: unknown;
}

declare global {
  interface Window {
    /** What the page has asked of its host. */
    calls: Call[];
    /** Changes the editor's theme. */
    setTheme(name: keyof typeof themes): void;
    /** Sends another state. */
    setState(name: string): void;
    acquireVsCodeApi: unknown;
  }
}

const asked = new URLSearchParams(location.search);
const fromPage = new Set<(message: unknown) => void>();
const port: Port = {
  post: (message) => window.postMessage(message, '*'),
  listen(listener) {
    fromPage.add(listener);
    return () => fromPage.delete(listener);
  },
};

window.calls = [];
const note =
  (method: string) =>
  (params: unknown): void => {
    window.calls.push({ method, params });
  };
const noted = Object.fromEntries(Object.keys(hostContract).map((method) => [method, note(method)]));
const page = connect(
  port,
  hostContract,
  {
    ...(noted as Record<keyof typeof hostContract, (params: unknown) => void>),
    ready: () => send(asked.get('state') ?? 'equivalent'),
  },
  pageContract,
  { onFault: (message) => note('fault')({ message }) },
);

function send(name: string): void {
  const { view, losses } = stateOf(name);
  const { plan, target, run, task } = view;
  const state = { uri: 'file:///llama3-lora.yml', network: 0, targetAlpha: target.alpha, plan, task, run: null };
  page.notify('view', { view, state });
  if (losses.length > 0) page.notify('points', { id: run.id, from: 0, losses });
}

window.setState = send;
window.setTheme = (name) => {
  const theme = themes[name];
  const { style } = document.documentElement;
  for (const property of [...style]) style.removeProperty(property);
  for (const [property, value] of Object.entries(theme.variables)) style.setProperty(property, value);
  document.body.className = `vscode-body ${theme.class}`;
  document.body.dataset['vscodeThemeKind'] = theme.kind;
  document.body.dataset['vscodeThemeId'] = name;
};
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => fromPage.forEach((listener) => listener(structuredClone(message))),
  getState: (): unknown => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
  setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
});
window.setTheme((asked.get('theme') ?? 'dark') as keyof typeof themes);
