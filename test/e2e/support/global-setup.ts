import type { TestProject } from 'vitest/node';
import { ensurePacked } from '../../../scripts/package.mjs';
import { startServer } from '../../../scripts/server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of the editor that they share. */
    server: { folder: string; port: number; vscode: string };
  }
}

/** One server for the end-to-end tests of an editor. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const vsix = await ensurePacked();
  // Each of these starts an editor of its own.
  if (project.name === 'e2e-apart') return () => Promise.resolve();
  const editor = project.name === 'e2e-oldest' ? 'oldest' : 'newest';
  const { folder, port, vscode, stop } = await startServer({ editor, vsix });
  project.provide('server', { folder, port, vscode });
  return stop;
}
