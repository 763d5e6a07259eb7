import type { TestProject } from 'vitest/node';
import { serveBrowser } from '../../../scripts/browser.mjs';
import { ensurePacked } from '../../../scripts/package.mjs';
import { startServer } from '../../../scripts/server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the browser that all tests share. */
    browser: string;
    /** The server of the editor that they share. */
    server: { folder: string; port: number; vscode: string };
  }
}

/** One server and one browser for the end-to-end tests of an editor. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const editor = project.name === 'e2e-oldest' ? 'oldest' : 'newest';
  const { folder, port, vscode, stop } = await startServer({ editor, vsix: await ensurePacked() });
  const browser = await serveBrowser().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  project.provide('browser', browser.address);
  project.provide('server', { folder, port, vscode });
  return () => browser.close().finally(stop);
}
