import { connect, type Contract, type Handlers, type Peer, type Port } from '../../messages/rpc';
import type { anyHostContract } from '../../messages/run';
import { useToolkit } from './toolkit';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/**
 * Connects a page to the extension host. May be called once: VS Code hands its interface out only once. A page that
 * fails silently helps nobody: everything that goes wrong in it reaches the extension's log.
 */
export function openHost<Page extends Contract, Host extends Contract & typeof anyHostContract>(
  page: Page,
  contract: Host,
  handlers: Handlers<Page>,
): { host: Peer<Host>; vscode: VsCodeApi } {
  useToolkit();
  const vscode = acquireVsCodeApi();
  const port: Port = {
    post: (message) => vscode.postMessage(message),
    listen(listener) {
      const hear = (event: MessageEvent): void => listener(event.data);
      window.addEventListener('message', hear);
      return () => window.removeEventListener('message', hear);
    },
  };
  const report = (message: string): void => (host as Peer<typeof anyHostContract>).notify('fault', { message });
  const host = connect(port, page, handlers, contract, report);
  window.addEventListener('error', (event) => report(`${event.message} (${event.filename}:${event.lineno})`));
  window.addEventListener('unhandledrejection', (event) => report(`unhandled: ${String(event.reason)}`));
  document.addEventListener('securitypolicyviolation', (event) =>
    report(`Content-Security-Policy: ${event.violatedDirective} blocked ${event.blockedURI} (${event.sourceFile})`),
  );
  return { host, vscode };
}

/**
 * Wraps the drawing of a page. If the element that had the focus can no longer take it, the focus moves on: a button that
 * is hidden or disabled would drop it to the beginning of the page.
 * @param next ids that are tried in turn, by the id that loses the focus
 * @param shown ids whose next is scrolled into view; else the page stays where it is
 */
export function focusKeeper(
  next: Readonly<Record<string, readonly string[]>>,
  shown: readonly string[] = [],
): (draw: () => void) => void {
  let lost: string | null = null;
  // A page that is not in use pulls the focus out of no editor.
  const isFree = (): boolean =>
    document.hasFocus() && (document.activeElement === document.body || document.activeElement?.id === lost);
  const moveOn = (): void => {
    if (lost === null || !isFree()) return;
    // A short run may have ended before the focus could move: then its button takes it back.
    const successor = [lost, ...(next[lost] ?? [])]
      .map((id) => document.getElementById(id))
      .find((each) => each && canFocus(each));
    if (!successor) return;
    successor.focus({ preventScroll: !shown.includes(lost) });
    lost = null;
  };
  return (draw) => {
    const before = document.activeElement?.id ?? '';
    if (before !== '' || document.activeElement !== document.body) lost = null;
    draw();
    const had = document.getElementById(before);
    if (next[before] && !(had && canFocus(had))) lost = before;
    // The toolkit hands a change of `disabled` to its inner button in the next frame.
    if (lost !== null) requestAnimationFrame(() => requestAnimationFrame(moveOn));
  };
}

function canFocus(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 && !('disabled' in element && element.disabled === true);
}
