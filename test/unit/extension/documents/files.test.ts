import { afterEach, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { textIn } from '../../../../src/extension/documents/files';

const fs = vi.hoisted(() => ({ stat: vi.fn(), readFile: vi.fn() }));
vi.mock('vscode', () => ({ workspace: { fs }, FileType: { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 } }));
afterEach(() => vi.clearAllMocks());

const [DEVICE, FILE, FOLDER, LINK] = [0, 1, 2, 64];

it.each([
  ['a file', FILE, 8, 'text'],
  ['a link to a file', FILE | LINK, 8, 'text'],
  ['a link to a device', DEVICE | LINK, 0, null],
  ['a folder', FOLDER, 0, null],
  ['a file of megabytes', FILE, 2 ** 20 + 1, null],
])('textIn opens %s or not', async (_, type, size, expected) => {
  fs.stat.mockResolvedValue({ type, size });
  fs.readFile.mockResolvedValue(new TextEncoder().encode('text'));
  expect(await textIn({} as Uri)).toBe(expected);
  expect(fs.readFile).toHaveBeenCalledTimes(expected === null ? 0 : 1);
});
