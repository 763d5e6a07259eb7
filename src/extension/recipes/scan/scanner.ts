import * as vscode from 'vscode';
import { mayHoldLora } from '../../../config/hint';
import { syntaxOf } from '../../../config/syntax/parse';
import { messageOf } from '../../../messages/rpc';
import { eachBounded } from '../../../scan/pace';
import type { FileSummary } from '../../../scan/summary';
import type { ConfigReader } from '../../../worker/config-reader';
import { hostBreather, isLocal } from './find';

/** Below this a text is decoded and searched for LoRA here: a millisecond at most. Above, its reader does that. */
const MOST_HINTED = 256 * 1024;
/** No config is longer; notebooks carry their pictures. */
const MOST_BYTES = 1024 * 1024;
const MOST_BYTES_NOTEBOOK = 8 * 1024 * 1024;
/** Reads at a time. More do not come faster from a disk, and a remote file system has other users. */
const AT_ONCE = 16;

interface KnownFile {
  mtime: number;
  size: number;
  summary: FileSummary | null;
}

/** Looks into files, a few at a time, and never holds the extension host for long. */
export function createScanner(reader: ConfigReader, log: vscode.LogOutputChannel) {
  const known = new Map<string, KnownFile>();
  const decoder = new TextDecoder();
  const breathe = hostBreather();

  const look = async (uri: vscode.Uri, token: vscode.CancellationToken): Promise<FileSummary | null> => {
    const id = uri.toString();
    // What is in an editor may not be on the disk yet.
    const unsaved = vscode.workspace.textDocuments
      .find((each) => each.isDirty && each.uri.toString() === id)
      ?.getText();
    if (unsaved !== undefined) return mayHoldLora(unsaved) ? reader.read(uri.path, unsaved) : null;
    const before = known.get(id) ?? null;
    const now = reader.look && isLocal(uri) ? await lookOnDisk(uri, before) : await lookHere(uri, before, token);
    // A file that was not looked into is not known: remembering it as no config would hide it for ever.
    if (now) known.set(id, now);
    return now && now.summary;
  };

  /** Reads the file in a thread, so that the extension host never holds its bytes. */
  const lookOnDisk = async (uri: vscode.Uri, before: KnownFile | null): Promise<KnownFile | null> => {
    const state = before && { mtime: before.mtime, size: before.size };
    const seen = await reader.look?.({ url: uri.toString(), path: uri.path, before: state, most: mostBytes(uri) });
    if (seen?.kind === 'unreadable') throw new Error(seen.why);
    return seen?.kind === 'read' ? { mtime: seen.mtime, size: seen.size, summary: seen.summary } : before;
  };

  /** Through `workspace.fs`, which knows file systems that no disk has. */
  const lookHere = async (
    uri: vscode.Uri,
    before: KnownFile | null,
    token: vscode.CancellationToken,
  ): Promise<KnownFile | null> => {
    const { mtime, size, type } = await vscode.workspace.fs.stat(uri);
    if (before?.mtime === mtime && before.size === size) return before;
    if (token.isCancellationRequested) return null;
    const isRead = size <= mostBytes(uri) && size > 0 && (type & vscode.FileType.File) !== 0;
    return { mtime, size, summary: isRead ? await read(uri) : null };
  };

  const read = async (uri: vscode.Uri): Promise<FileSummary | null> => {
    const bytes = await vscode.workspace.fs.readFile(uri);
    // What several files hold may arrive in one turn.
    await breathe();
    if (bytes.length > MOST_HINTED) return reader.read(uri.path, bytes);
    const text = decoder.decode(bytes);
    return mayHoldLora(text) ? reader.read(uri.path, text) : null;
  };

  return {
    /**
     * Looks into these files. What has not changed since it was looked into is not read again.
     * @param onFile hears of every file as it is known; null: no LoRA config, or gone
     * @returns whether all of them were looked into
     */
    scan(
      uris: readonly vscode.Uri[],
      token: vscode.CancellationToken,
      onFile: (uri: vscode.Uri, summary: FileSummary | null) => void,
    ): Promise<boolean> {
      const work = async (uri: vscode.Uri): Promise<void> => {
        await breathe();
        const summary = await look(uri, token).catch((error: unknown) => {
          // It vanished, may not be read, or takes too long: then it is in no list.
          known.delete(uri.toString());
          log.debug(`${uri.toString()} was left out: ${messageOf(error)}`);
          return null;
        });
        if (!token.isCancellationRequested) onFile(uri, summary);
      };
      return eachBounded(uris, AT_ONCE, () => token.isCancellationRequested, work);
    },
  };
}

function mostBytes({ path }: vscode.Uri): number {
  return syntaxOf(path) === 'notebook' ? MOST_BYTES_NOTEBOOK : MOST_BYTES;
}
