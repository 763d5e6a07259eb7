import { commandIn } from '../../syntax/tree';
import type { CommandLine } from './command-line';
import type { Trap } from './trap';

/** Said of a command that names a config file. */
const BESIDE_CONFIG: Trap = {
  code: 'config-file',
  severity: 'info',
  message:
    'This command reads a config file, and its flags override what stands there. What no flag says is in that file: weight decay, eps and clipping too, which have to move with another alpha.',
  applies: (root) => commandIn(root)?.config !== undefined,
  at: (root) => commandIn(root)?.range ?? null,
  limits: 'approximate',
};

/** Said of the plans of a command ({@link CommandLine.optimizerInFile}) whose program takes flags for LoRA, but none for the optimizer's numbers. */
const WITHOUT_OPTIMIZER_FLAGS: Trap = {
  code: 'no-optimizer-flags',
  message:
    'This program takes the numbers of the optimizer from a config file alone, and another alpha needs another rate. Put the settings into a file for --config, and change them there.',
  applies: (root) => commandIn(root) !== null,
  blocksEdits: true,
};

/** Said of a command that ends before its last flags. */
const FLAGS_CUT_OFF: Trap = {
  code: 'flags-cut-off',
  severity: 'warning',
  message:
    'The command ends before this flag: a comment stands between its lines, a blank stands behind the backslash, or there is none. What follows is taken for another command and does not reach the program.',
  applies: (root) => commandIn(root)?.cutOff !== undefined,
  at: (root) => commandIn(root)?.cutOff?.range ?? null,
};

/** The traps of command lines, whichever program they start. */
export function commandTraps(line: CommandLine | undefined): readonly Trap[] {
  return [BESIDE_CONFIG, ...(line?.optimizerInFile ? [WITHOUT_OPTIMIZER_FLAGS] : []), FLAGS_CUT_OFF];
}
