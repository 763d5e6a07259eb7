import * as vscode from 'vscode';
import { hostContract, pageContract } from '../../messages/panel';
import { pageHtml } from '../../messages/page-html';
import { connect, type Handlers, type Peer, type Port } from '../../messages/rpc';

export type Page = Peer<typeof pageContract>;

/** What the page may load: its own bundle, its stylesheet, the worker and the wasm files. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  const localResourceRoots = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
  return { enableScripts: true, localResourceRoots };
}

/** Loads the page into a webview and opens the conversation with it. */
export function openPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  handlers: Handlers<typeof hostContract>,
  onFault: (message: string) => void,
): Page {
  const dist = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const port: Port = {
    // A page that is hidden hears nothing; it asks for everything again when it is shown.
    post: (message) => void webview.postMessage(message),
    listen: (listener) => {
      const listening = webview.onDidReceiveMessage(listener);
      return () => void listening.dispose();
    },
  };
  // No time-out: the one call the host waits for is a training, and that may take its time.
  const page = connect(port, hostContract, handlers, pageContract, { onFault });
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    nonce: nonce(),
    scriptUri: dist('panel.js'),
    styleUri: dist('panel.css'),
    workerUri: dist('worker-web.js'),
    assetsUri: dist(''),
    title: 'LoRA Alpha',
  });
  return page;
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
