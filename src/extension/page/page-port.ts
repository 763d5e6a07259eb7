import type * as vscode from 'vscode';
import type { Port } from '../../messages/rpc';

/** What carries messages to a page and back. A hidden page is sent nothing: it asks for everything again when it is shown. */
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
