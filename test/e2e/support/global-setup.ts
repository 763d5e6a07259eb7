import { chromiumPath } from '../../../scripts/chromium.mjs';
import { ensurePacked } from '../../../scripts/package.mjs';
import { vscodeServer } from '../../../scripts/vscode-server.mjs';

/** Everything the end-to-end tests need, before the first of them starts its clock. */
export async function setup(): Promise<void> {
  await chromiumPath();
  await vscodeServer(process.env['LORA_ALPHA_EDITOR'] === 'oldest' ? 'oldest' : 'newest');
  await ensurePacked();
}
