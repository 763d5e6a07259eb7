import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about configs of an unknown trainer. */
export const GUESS = {
  guessed: {
    title: l10n.t('LoRA Alpha guessed the keys of this config by their names'),
    text: l10n.t(
      'No known trainer reads this file or has this command. LoRA Alpha treats a block with a rank and an alpha that mentions LoRA as a LoRA config if the file has a learning rate, or if the block has a dropout or target modules. A command needs flags for rank, alpha and learning rate. Everything else comes from keys with well-known names: in this block, around it, and in training blocks such as `optimizer`; the message lists them. If a file has several such blocks, LoRA Alpha does not guess. It assumes no defaults, because only the code knows them. LoRA Alpha writes only after you agree: `rewrite --write` needs `--accept-guess`, and the preview of Apply says so too.',
    ),
  },
  'guess-unsure': {
    title: l10n.t('It is unclear whether a key belongs to these LoRA factors'),
    text: l10n.t(
      'Several keys of the file could set this field, or the only one is in a block that neither contains the LoRA block nor is a training block. A further setting may name the optimizer. A further learning rate may belong to other parts of the model or to another run, or be a limit of the schedule. A learning rate of LoRA factors under the same scaling must change by the same factor; one of parameters without scaling must stay. Only the code knows which is which. Make clear which key is meant, or change the number yourself as the plan says.',
    ),
  },
} satisfies Record<string, Explanation>;
