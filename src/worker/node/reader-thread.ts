import path from 'node:path';
import { readlinkSync, opendirSync, statSync, readFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { readerContract } from '../config-reader';
import type { AskRequest, ListAnswer, ListRequest, LookAnswer, LookRequest, ReadRequest } from '../config-reader';
import { connect, messageOf } from '../../messages/rpc';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { syntaxOf } from '../../config/syntax/parse';
import { globMatcher } from '../../scan/globs';
import { mayHoldLora } from '../../config/hint';
import { measureFiles, openFiles } from './adapters';
import { nodePort } from './thread';
import { summaryOf, type FileSummary } from '../../scan/summary';

/** The thread's side: reads what it is told to. @param ask answers what is asked about an open text */
export function serveReader(ask: (request: AskRequest) => unknown): void {
  if (!parentPort) throw new Error('this runs in a worker thread, started by nodeReader');
  giveWay();
  const read = ({ path, content }: ReadRequest): FileSummary | null => summaryOfBytes(content, path);
  const files = { read, look: lookInto, list: listFolder };
  connect(nodePort(parentPort), readerContract, { ...files, ask, adapter: openFiles, measured: measureFiles }, {});
}

/** Linux schedules threads one by one: this one yields to the extension host and the editor. */
function giveWay(): void {
  try {
    const own = Number(path.basename(readlinkSync('/proc/thread-self')));
    const wanted = constants.priority.PRIORITY_BELOW_NORMAL;
    if (getPriority(own) < wanted) setPriority(own, wanted);
  } catch {
    // Another system, or one that does not allow it.
  }
}

/**
 * What a folder holds. Links to folders are left out: they may lead back, or to the whole disk. Never throws: what
 * cannot be read is left out, too.
 */
function listFolder({ url, within, exclude, most }: ListRequest): ListAnswer {
  const files: string[] = [];
  const folders: string[] = [];
  const isExcluded = globMatcher(exclude);
  try {
    const root = fileURLToPath(url);
    const folder = opendirSync(root);
    try {
      for (let entry = folder.readSync(); entry && files.length < most; entry = folder.readSync()) {
        const { name } = entry;
        if (isExcluded(within + name)) continue;
        if (entry.isDirectory()) folders.push(name);
        else if (syntaxOf(name) && (entry.isFile() || (entry.isSymbolicLink() && isFile(path.join(root, name)))))
          files.push(name);
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    // It is gone, or may not be read.
  }
  return { files, folders };
}

function isFile(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isFile() ?? false;
}

const decoder = new TextDecoder();

/**
 * What has not changed is not read; what is no file, is empty or longer than `most` bytes is no config. Never throws.
 */
export function lookInto({ url, path: name, before, most }: LookRequest): LookAnswer {
  try {
    const file = fileURLToPath(url);
    const stat = statSync(file);
    const beside = path.join(path.dirname(file), CODE_FILE);
    const code = /\.ya?ml$/.test(file) ? statSync(beside, { throwIfNoEntry: false }) : undefined;
    const state = { mtime: Math.max(stat.mtimeMs, code?.mtimeMs ?? 0), size: stat.size };
    if (before && before.mtime === state.mtime && before.size === state.size) return { kind: 'same' };
    const isRead = stat.isFile() && stat.size > 0 && stat.size <= most;
    const plan = code?.isFile() && code.size <= most ? readFileSync(beside, 'utf8') : undefined;
    return { kind: 'read', ...state, summary: isRead ? summaryOfBytes(readFileSync(file), name, plan) : null };
  } catch (error) {
    return { kind: 'unreadable', why: messageOf(error) };
  }
}

/** What these bytes say, or null where they are no LoRA config. @param code beside them, which goes with what names it */
function summaryOfBytes(content: Uint8Array | string, path: string, code?: string): FileSummary | null {
  const text = typeof content === 'string' ? content : decoder.decode(content);
  return mayHoldLora(text) ? summaryOf(text, path, namesCode(text) ? code : undefined) : null;
}
