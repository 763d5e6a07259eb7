import * as l10n from '@vscode/l10n';
import type { Key } from '../shared/fields';
import type { Trap } from '../shared/trap';

/** The name of the file that PEFT and mlx-lm save beside an adapter's weights. */
export const ADAPTER_CONFIG = 'adapter_config.json';

/**
 * The names of the weights files that PEFT and mlx-lm save in the same folder as the config.
 * @see https://github.com/huggingface/peft (src/peft/utils/constants.py), https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/trainer.py)
 */
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors adapter_model.bin adapters.safetensors adapters.npz'.split(
  ' ',
);

/**
 * The config of an adapter that is trained already. Its alpha belongs to the weights, so nothing is written to it.
 * @param evidence how that is known: `inference_mode is true`
 */
export function trainedAdapter(evidence: string, applies: Trap['applies'], at?: Key): Trap {
  return {
    code: 'trained-adapter',
    severity: 'warning',
    message: l10n.t`This adapter is trained (${evidence}). Another alpha here would multiply what it has learned by k. Change alpha in the config or script that trains.`,
    applies,
    ...(at ? { at } : {}),
    limits: 'approximate',
    blocksEdits: true,
  };
}

/** The same, recognised by the weights in the same folder. */
export const WEIGHTS_BESIDE = trainedAdapter(l10n.t('its weights are in the same folder'), () => true);
