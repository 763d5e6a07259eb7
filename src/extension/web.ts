import './localise';
import type * as vscode from 'vscode';
import { summaryOf } from '../scan/summary';
import type { ConfigReader } from '../worker/config-reader';
import { type TestApi, activateOn } from './activate';
import { MOST_HERE } from './bounds';
import { startFeatures } from './features';

const start = startFeatures(() => ({ createRunner: null, createReader: hereReader, engines: null }));

/** Entry for the extension host of a browser: one file, and no threads, so the panel's page trains. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  return activateOn(() => Promise.resolve(start), context);
}

/** Reads configs on the extension host's own thread, where there is no other; skips files longer than MOST_HERE. */
export function hereReader(): ConfigReader {
  const decoder = new TextDecoder();
  return {
    async read(path, content) {
      if (content.length > MOST_HERE) return null;
      return summaryOf(typeof content === 'string' ? content : decoder.decode(content), path);
    },
    ...{ look: null, list: null, ask: null, adapters: null, dispose: () => undefined },
  };
}
