import type { Port } from '../../src/messages/rpc';
import themes from './themes.json';

/** Stands in for VS Code around a page: its interface and its theme variables. */

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

/** The state and theme the address asks for. */
export const asked = new URLSearchParams(location.search);

const fromPage = new Set<(message: unknown) => void>();

/** The host's end of the conversation. */
export const port: Port = {
  post: (message) => window.postMessage(message, '*'),
  listen(listener) {
    fromPage.add(listener);
    return () => fromPage.delete(listener);
  },
};

/** Takes down what the page asks. */
export function note(method: string): (params: unknown) => void {
  return (params) => {
    window.calls.push({ method, params });
  };
}

window.calls = [];
window.setTheme = (name) => {
  const theme = themes[name];
  const { style } = document.documentElement;
  for (const property of [...style]) style.removeProperty(property);
  for (const [property, value] of Object.entries(theme.variables)) style.setProperty(property, value);
  style.setProperty('--vscode-font-family', "'Preview Sans'");
  style.setProperty('--vscode-editor-font-family', "'Preview Mono'");
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
