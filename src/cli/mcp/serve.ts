import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { version } from '../../../package.json';
import { json } from '../../messages/answers';
import { EXIT, type ExitCode, usage } from '../failure';
import { hasWeights, readText } from '../files/files';
import { versioned } from '../files/several';
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

/** Opens files below these folders, wherever links lead. Of what is elsewhere, nobody learns whether it exists. */
export function openBelow(folders: readonly string[]): Open {
  return async (path, recipe) => {
    for (const folder of folders) {
      const root = await realpath(folder).catch(() => null);
      const real = root !== null && (await realpath(resolve(root, path)).catch(() => null));
      if (!real || !root || !isBelow(relative(root, real))) continue;
      // A pipe or a device might never end.
      if (!(await stat(real)).isFile()) continue;
      const { text } = await readText(real);
      return { text, path, hasWeights: await hasWeights(real), ...(recipe !== undefined && { recipe }) };
    }
    const where = folders.length === 0 ? 'the client names no folder' : `the folders are ${folders.join(', ')}`;
    throw usage(`${path}: is no file below the folders of this server; ${where}`);
  };
}

const isBelow = (path: string): boolean =>
  path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
