import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { version } from '../../../package.json';
import type { Source } from '../../adapter/adapter';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { json, versioned } from '../../messages/answers';
import { fileSource } from '../../worker/node/file-source';
import { openedAdapter } from '../adapter/sources';
import { EXIT, type ExitCode, usage } from '../failure';
import { hasWeights, readText, textOfNeighbour } from '../files/files';
import { LIMIT, TOOLS, type Open } from './tools';

const ANNOTATIONS = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
const ASK = { roots: inputRequired.listRoots() };
const OF_CLIENT = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** `mcp [FOLDER…]`: serves the tools on standard input and output, for the folders named here, or else by the client. */
export function mcpCommand(folders: readonly string[]): Promise<ExitCode> {
  serveStdio(() => {
    const server = new McpServer({ name: 'lora-alpha', title: 'LoRA Alpha', version });
    for (const [name, { title, description, input, answer }] of Object.entries(TOOLS)) {
      const config = { title, description: `${description} ${LIMIT}`, inputSchema: input, annotations: ANNOTATIONS };
      server.registerTool(name, config, async (given, { mcpReq }) => {
        const said = OF_CLIENT.safeParse(mcpReq.inputResponses?.['roots']).data;
        if (folders.length === 0 && !said) return inputRequired({ inputRequests: ASK });
        const named = (said?.roots ?? []).flatMap(({ uri }) => (uri.startsWith('file:') ? fileURLToPath(uri) : []));
        const document = await answer(given as never, openBelow(folders.length > 0 ? folders : named));
        return { content: [{ type: 'text', text: json(versioned(document)) }] };
      });
    }
    return server;
  });
  return Promise.resolve(EXIT.done);
}

/**
 * Opens files below these folders, wherever links lead, and what lies beside a config, as the terminal does. Of what is
 * elsewhere, nobody learns whether it exists.
 */
export function openBelow(folders: readonly string[]): Open {
  /** A regular file, or a folder. A pipe or a device might never end. */
  const find = async (path: string, from: readonly string[], orFolder = false): Promise<Found | null> => {
    const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
    for (const at of from.map((folder) => resolve(folder, path))) {
      const real = await realpath(at).catch(() => null);
      const isInside = real !== null && roots.some((root) => root !== null && isBelow(relative(root, real)));
      if (!isInside) continue;
      const info = await stat(real);
      if (info.isFile() || (orFolder && info.isDirectory())) return { at, real };
    }
    return null;
  };
  const demand = async (path: string, orFolder = false): Promise<Found> => {
    const found = await find(path, folders, orFolder);
    if (found) return found;
    const where = folders.length === 0 ? 'the client names no folder' : `the folders are ${folders.join(', ')}`;
    throw usage(`${path}: is no file${orFolder ? ' or folder' : ''} below the folders of this server; ${where}`);
  };
  const adapter: Open['adapter'] = async (path) => {
    const { at } = await demand(path, true);
    const sourceAt = async (file: string): Promise<Source> => fileSource((await demand(file)).real, basename(file));
    return (await openedAdapter(at, sourceAt)).adapter;
  };
  const config: Open['config'] = async (path, { recipe, run } = {}) => {
    const { at, real } = await demand(path);
    const ran = run === undefined ? undefined : await readText((await demand(run)).real);
    const { text } = await readText(real);
    const textAt = async (neighbour: string): Promise<string | null> => {
      const found = await find(neighbour, [dirname(at)]);
      return found && textOfNeighbour(found.real);
    };
    const code = namesCode(text) ? await textAt(CODE_FILE) : null;
    const config = {
      ...{ text, path, hasWeights: await hasWeights(real) },
      ...(code !== null && { code }),
      ...(ran && { run: ran.text }),
      ...(recipe !== undefined && { recipe }),
    };
    return { config, textAt, folders: [dirname(at), ...folders] };
  };
  return { config, adapter };
}

/** Where a file is named, and where it is. */
type Found = Record<'at' | 'real', string>;

const isBelow = (path: string): boolean => path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
