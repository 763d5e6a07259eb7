import * as l10n from '@vscode/l10n';
import { addNested } from '../../syntax/script/command';
import { nodeAt, type Command, type MapNode, type ScalarNode } from '../../syntax/tree';
import type { Layout } from '../trainer';
import { writeKey } from './fields';

/**
 * Marks the values that no flag sets as unresolved, because they are in the config file that the command names.
 * @param file as the command names it
 */
export function besideConfig(root: MapNode, command: Command, { fields }: Layout, file: string): MapNode {
  const { range: at } = command;
  const node: ScalarNode = {
    kind: 'scalar',
    range: at,
    inner: at,
    raw: '',
    value: null,
    quoted: false,
    lock: {
      code: 'config-file',
      message: l10n.t`The command reads ${file}, and its flags override the values there. Open that file to see the run, and change the value there.`,
    },
    unresolved: l10n.t`in ${file}`,
  };
  const copy: MapNode = { ...root, entries: [...root.entries], tag: { ...command, config: file } };
  for (const source of Object.values(fields)) {
    // A flag overrides the file. Keys after the one that a flag sets have lower priority, and the file may set them.
    const stated = source.keys.findIndex(({ path }) => nodeAt(root, path) !== null);
    const write = writeKey(source);
    const missing = stated === -1 ? (write ? [write] : []) : source.keys.slice(stated + 1);
    for (const { path } of missing) {
      if (nodeAt(copy, path) === null) addNested(copy, path, { key: '', keyRange: at, value: node });
    }
  }
  return copy;
}
