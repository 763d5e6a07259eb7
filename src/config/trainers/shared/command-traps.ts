import { CUT_OFF } from '../../syntax/command';
import { nodeAt } from '../../syntax/tree';
import { CONFIG } from './config-file';
import type { Trap } from './trap';
import { key } from './fields';

/** The key that says that flags cannot set the optimizer's numbers. */
export const OPTIMIZER_IN_FILE = '$optimizer-in-file';

/** Said of a command that names a config file. */
const BESIDE_CONFIG: Trap = {
  code: 'config-file',
  severity: 'info',
  message:
    'This command reads a config file, and its flags override what stands there. What no flag says is in that file: weight decay, eps and clipping too, which have to move with another alpha.',
  applies: (root) => nodeAt(root, [CONFIG]) !== null,
  at: key(CONFIG),
  limits: 'approximate',
};

/** Said of the plans of a command whose program takes flags for LoRA, but none for the optimizer's numbers. */
const WITHOUT_OPTIMIZER_FLAGS: Trap = {
  code: 'no-optimizer-flags',
  message:
    'This program takes the numbers of the optimizer from a config file alone, and another alpha needs another rate. Put the settings into a file for --config, and change them there.',
  applies: (root) => nodeAt(root, [OPTIMIZER_IN_FILE]) !== null,
  blocksEdits: true,
};

/** Said of a command that ends before its last flags. */
const FLAGS_CUT_OFF: Trap = {
  code: 'flags-cut-off',
  severity: 'warning',
  message:
    'The command ends before this flag: a comment stands between its lines, a blank stands behind the backslash, or there is none. What follows is taken for another command and does not reach the program.',
  applies: (root) => nodeAt(root, [CUT_OFF]) !== null,
  at: key(CUT_OFF),
};

/** What is to be known of command lines, whichever program they start. */
export const COMMAND_TRAPS: readonly Trap[] = [BESIDE_CONFIG, WITHOUT_OPTIMIZER_FLAGS, FLAGS_CUT_OFF];
