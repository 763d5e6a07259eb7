import type * as vscode from 'vscode';
import type { Port } from '../../messages/rpc';

export type PageId = 'panel' | 'comparison' | 'recipes' | 'adapter';

/** What a page needs to know before its script runs. URIs as the page may load them. */
export interface PageOptions {
  /** The webview's own source for the Content-Security-Policy. */
  cspSource: string;
  /** A fresh random token; only a script and a style sheet that carry it count. */
  nonce: string;
  page: PageId;
  /** The script's text. A page that had to ask the editor for files would show its answer a seventh later. */
  script: string;
  style: string;
  /** Text of the web worker, fetched by the page and started from a blob. */
  workerUri: string;
  assetsUri: string;
  title: string;
  language: string;
  /** The strings of that language as JSON; empty where they are the English ones. */
  strings: string;
}

/**
 * A page of the editor. Everything in it is drawn by its script; the addresses travel as data attributes of the body.
 * The policy allows no script and no style sheet without the nonce, and no eval; compiling WebAssembly is the one
 * permission beyond plain scripts. The toolkit makes one style element, to ask what the browser can do, and finds its
 * nonce in the meta element.
 */
export function pageHtml(options: PageOptions): string {
  const { cspSource, nonce } = options;
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `worker-src blob:`,
    `connect-src ${cspSource} blob:`,
  ].join('; ');
  const data = Object.entries({ worker: options.workerUri, assets: options.assetsUri, strings: options.strings });
  const attributes = data.map(([name, value]) => ` data-${name}="${escaped(value)}"`).join('');
  return `<!doctype html>
<html lang="${escaped(options.language)}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
    <meta property="csp-nonce" content="${escaped(nonce)}">
    <style nonce="${escaped(nonce)}">${options.style}</style>
    <title>${escaped(options.title)}</title>
  </head>
  <body data-page="${options.page}" data-run="none" data-file="ok"${attributes}>
    <script nonce="${escaped(nonce)}">${options.script}</script>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Carries messages to a page and back. A hidden page is sent nothing: it asks for everything again when shown. */
export function pagePort(panel: Pick<vscode.WebviewPanel, 'visible' | 'webview'>): Port {
  return {
    post(message) {
      if (panel.visible) void panel.webview.postMessage(message);
    },
    listen(listener) {
      const listening = panel.webview.onDidReceiveMessage(listener);
      return () => void listening.dispose();
    },
  };
}
