import type * as vscode from 'vscode';
import { hostContract, pageContract } from '../../messages/panel';
import type { Handlers, Peer } from '../../messages/rpc';
import { openPage } from './open-page';

/** The page of one panel, as its host sees it. */
export type Page = Peer<typeof pageContract>;

/** Loads the panel's page into a webview. */
export function openSessionPage(
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  handlers: Handlers<typeof hostContract>,
  onFault: (message: string) => void,
): Page {
  const contracts = { host: hostContract, handlers, page: pageContract };
  return openPage(panel, { extensionUri, shows: 'panel', ...contracts, onFault });
}
