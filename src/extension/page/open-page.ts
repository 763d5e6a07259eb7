import * as vscode from 'vscode';
import { pageHtml, type PageId } from './page-html';
import { connect, type Contract, type Handlers, type Peer } from '../../messages/rpc';
import { pagePort } from './page-port';

/** What a page may load: files of the extension. It asks for the worker and the wasm file. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  const localResourceRoots = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
  return { enableScripts: true, localResourceRoots };
}

export interface PageSetup<Host extends Contract, Page extends Contract> {
  extensionUri: vscode.Uri;
  shows: PageId;
  /** What the page asks of the host. */
  host: Host;
  /** What the host asks of the page. */
  page: Page;
  onFault: (message: string) => void;
}

/** A page that is open. */
export interface OpenPage<Host extends Contract, Page extends Contract> extends Peer<Page> {
  /** Answers what the page asks. Called in the turn in which the page is opened: it asks nothing before. */
  answer(handlers: Handlers<Host>): void;
}

/** Loads a page into a webview and opens the conversation with it. */
export function openPage<Host extends Contract, Page extends Contract>(
  panel: vscode.WebviewPanel,
  { extensionUri, shows, host, page, onFault }: PageSetup<Host, Page>,
): OpenPage<Host, Page> {
  const { webview } = panel;
  const dist = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  // No time-out: the one call the host waits for is a training, and that may take its time.
  const handlers = {} as Handlers<Host>;
  const peer = connect(pagePort(panel), host, handlers, page, { onFault });
  let isOver = false;
  panel.onDidDispose(() => {
    isOver = true;
  });
  const show = ([script, style]: Texts): void => {
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
  textsOf(extensionUri).then(show, (error: unknown) => {
    onFault(`the page could not be read: ${String(error)}`);
    if (isOver) return;
    void vscode.window.showErrorMessage(
      vscode.l10n.t('The page of LoRA Alpha could not be read: {0}. Open it again.', String(error)),
    );
    // The next one reads anew.
    panel.dispose();
  });
  return { ...peer, answer: (all) => void Object.assign(handlers, all) };
}

type Texts = readonly [script: string, style: string];

let texts: Promise<Texts> | null = null;

/** The script and the style sheet of all pages, read once. */
function textsOf(extensionUri: vscode.Uri): Promise<Texts> {
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
