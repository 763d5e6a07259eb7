import * as l10n from '@vscode/l10n';
import { commandIn } from '../../syntax/tree';
import type { Trap } from './trap';

/** For a command that names a config file. */
const BESIDE_CONFIG: Trap = {
  code: 'config-file',
  severity: 'info',
  message: l10n.t(
    'This command reads a config file, and its flags override the values there. All other values are in that file, also weight decay, eps and clipping, which have to change with alpha.',
  ),
  applies: (root) => commandIn(root)?.config !== undefined,
  at: (root) => commandIn(root)?.range ?? null,
  limits: 'approximate',
};

/** For a command that ends before its last flags. */
const FLAGS_CUT_OFF: Trap = {
  code: 'flags-cut-off',
  severity: 'warning',
  message: l10n.t(
    'The command ends before this flag: there is a comment between its lines, a space after the backslash, or no backslash. The shell reads the rest as another command, and it does not reach the program.',
  ),
  applies: (root) => commandIn(root)?.cutOff !== undefined,
  at: (root) => commandIn(root)?.cutOff?.range ?? null,
};

/** The traps of every command line. */
export const COMMAND_TRAPS: readonly Trap[] = [BESIDE_CONFIG, FLAGS_CUT_OFF];
