import * as vscode from 'vscode';
import { connect, type Contract, type Handlers } from '../../messages/rpc';
import type { anyHostContract } from '../../messages/run';
import type { Previews } from '../apply/preview';
import { writeText } from '../documents/files';
import type { RunsDeps } from '../runs/runs';
import { pageHtml, pagePort, type PageId } from './page-html';

/** What a page that shows a run is made with. */
export interface RunPanelDeps extends Pick<RunsDeps, 'createRunner' | 'log'> {
  extensionUri: vscode.Uri;
  previews: Previews;
}

/** What a page may load: files of the extension. It asks for the worker and the wasm file. */
function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  const localResourceRoots = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
  return { enableScripts: true, localResourceRoots };
}

interface PageSetup<Host extends Contract, Page extends Contract> {
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
  shows: PageId;
  host: Host;
  page: Page;
}

/** Loads a page into a webview and opens the conversation with it. */
export function openPage<Host extends Contract & typeof anyHostContract, Page extends Contract>(
  panel: vscode.WebviewPanel,
  { extensionUri, log, shows, host, page }: PageSetup<Host, Page>,
) {
  const { webview } = panel;
  const dist = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const onFault = (fault: string): void => log.error(`messages: ${fault}`);
  const fault = ({ message }: { message: string }): void => log.error(`${shows}: ${message}`);
  // No time-out: the one call the host waits for is a training, and that may take its time.
  const handlers = { copy: copyText, fault } as unknown as Handlers<Host>;
  const peer = connect(pagePort(panel), host, handlers, page, onFault);
  let isOver = false;
  panel.onDidDispose(() => {
    isOver = true;
  });
  const load = async (): Promise<void> => {
    const [script, style] = await textsOf(extensionUri);
    if (isOver) return;
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      nonce: nonce(),
      page: shows,
      script,
      style,
      workerUri: dist('worker-web.js'),
      assetsUri: dist(''),
      title: 'LoRA Alpha',
      language: vscode.env.language,
      strings: vscode.l10n.bundle ? JSON.stringify(vscode.l10n.bundle) : '',
    });
  };
  load().catch((error: unknown) => {
    onFault(`the page could not be read: ${String(error)}`);
    if (isOver) return;
    const message = vscode.l10n.t('The page of LoRA Alpha could not be read: {0}. Open it again.', String(error));
    void vscode.window.showErrorMessage(message);
    // The next one reads anew.
    panel.dispose();
  });
  return {
    ...peer,
    /** Answers what this page alone asks. Called in the turn in which the page is opened: it asks nothing before. */
    answer: (all: Omit<Handlers<Host>, 'copy' | 'fault'>): void => void Object.assign(handlers, all),
  };
}

let texts: Promise<readonly [script: string, style: string]> | null = null;

/** The script and the style sheet of all pages, read once. */
function textsOf(extensionUri: vscode.Uri): NonNullable<typeof texts> {
  const read = async (file: string): Promise<string> =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', file)));
  texts ??= Promise.all([read('pages.js'), read('panel.css')]).catch((error: unknown) => {
    texts = null;
    throw error;
  });
  return texts;
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function copyText({ text, what }: { text: string; what: string }): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', what), 3000);
}

const FILTERS = { png: 'PNG', svg: 'SVG', csv: 'CSV', md: 'Markdown' };

/** Asks where to, and writes what a page hands over: a text, or a PNG in base 64. */
export async function saveAs(
  { kind, data }: { kind: keyof typeof FILTERS; data: string },
  suggested: vscode.Uri | undefined,
): Promise<void> {
  const filters = { [FILTERS[kind]]: [kind] };
  const target = await vscode.window.showSaveDialog({ ...(suggested && { defaultUri: suggested }), filters });
  if (!target) return;
  if (kind !== 'png') return writeText(target, data);
  await vscode.workspace.fs.writeFile(
    target,
    Uint8Array.from(atob(data), (char) => char.charCodeAt(0)),
  );
}

export function panelSet<Session extends { dispose(): void }, Beginning>(
  viewType: string,
  { extensionUri, log }: { extensionUri: vscode.Uri; log: vscode.LogOutputChannel },
  start: (panel: vscode.WebviewPanel, beginning: Beginning) => Session,
) {
  const open = new Map<vscode.WebviewPanel, Session>();
  let latest: Session | undefined;

  const adopt = (panel: vscode.WebviewPanel, beginning: Beginning): void => {
    const session = (latest = start(panel, beginning));
    open.set(panel, session);
    panel.onDidDispose(() => {
      open.delete(panel);
      if (latest === session) latest = undefined;
      session.dispose();
    });
  };

  return {
    open(title: string, viewColumn: vscode.ViewColumn, beginning: Beginning): void {
      const panel = vscode.window.createWebviewPanel(viewType, title, viewColumn, pageOptions(extensionUri));
      panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
      adopt(panel, beginning);
    },
    /** Shows the panel whose session fits, after it was told what to show; false where there is none. */
    reveal(fits: (session: Session) => boolean, tell?: (session: Session) => void, preserveFocus = false): boolean {
      const found = [...open].find(([, session]) => fits(session));
      if (!found) return false;
      const [panel, session] = found;
      latest = session;
      tell?.(session);
      panel.reveal(undefined, preserveFocus);
      return true;
    },
    /** Brings a panel back after a reload; closes it where what its page kept does not fit: `beginning` is null. */
    restore(panel: vscode.WebviewPanel, beginning: Beginning | null): void {
      panel.webview.options = pageOptions(extensionUri);
      if (beginning !== null) return adopt(panel, beginning);
      log.warn(`${viewType} could not be brought back: what it kept does not fit this version`);
      panel.dispose();
    },
    sessions: (): Session[] => [...open.values()],
    latest: (): Session | undefined => latest,
    dispose: (): void => {
      for (const panel of [...open.keys()]) panel.dispose();
    },
  };
}
