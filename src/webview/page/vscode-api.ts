import type { Port } from '../../messages/rpc';

export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code's interface and a port over it. May be called once: VS Code hands its interface out only once. */
export function openVsCode(): { vscode: VsCodeApi; port: Port } {
  const vscode = acquireVsCodeApi();
  const port: Port = {
    post: (message) => vscode.postMessage(message),
    listen(listener) {
      const hear = (event: MessageEvent): void => listener(event.data);
      window.addEventListener('message', hear);
      return () => window.removeEventListener('message', hear);
    },
  };
  return { vscode, port };
}

/** A page that fails silently helps nobody: everything that goes wrong in it reaches the extension's log. */
export function reportFaults(report: (message: string) => void): void {
  window.addEventListener('error', (event) => report(`${event.message} (${event.filename}:${event.lineno})`));
  window.addEventListener('unhandledrejection', (event) => report(`unhandled: ${String(event.reason)}`));
  document.addEventListener('securitypolicyviolation', (event) =>
    report(`Content-Security-Policy: ${event.violatedDirective} blocked ${event.blockedURI} (${event.sourceFile})`),
  );
}
