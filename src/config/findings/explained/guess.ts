import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about configs of an unknown trainer. */
export const GUESS = {
  guessed: {
    title: l10n.t('LoRA Alpha guessed the keys of this config by their names'),
    text: l10n.t(
      'No known trainer reads this file or has this command. LoRA Alpha treats a block with a rank and an alpha that mentions LoRA as a LoRA config if the file also has a learning rate, or the block a dropout or target modules; a command needs rank, alpha and learning rate among its flags. For everything else it uses keys with well-known names in this block, around it, and in blocks of the training such as `optimizer`; the message lists them. It does not guess at a file with several such blocks. It assumes no defaults, because only the code knows them. LoRA Alpha writes only after you agree: `rewrite --write` needs `--accept-guess`, and the preview of Apply says so too.',
    ),
  },
  'guess-unsure': {
    title: l10n.t('It is unclear whether a key belongs to these LoRA factors'),
    text: l10n.t(
      'Several keys of the file have a name of this field, or the only such key is in a block that is neither around the LoRA block nor one of the training. A further learning rate may also belong to other parts of the model or to another run, or be a lower limit of the schedule. A learning rate of LoRA factors under the same scaling must change by the same factor; one of parameters without scaling must stay. Only the code knows which is which. Make clear which key is meant, or change the number yourself as the plan says.',
    ),
  },
} satisfies Record<string, Explanation>;
