import * as l10n from '@vscode/l10n';
import { scalarAt } from '../../syntax/tree';
import type { ReadSoFar, Default } from '../shared/fields';

/** Layers of the blocks that the modules adapt, by the models' own names (library/*_models.py; diffusers for the U-Net). */
const U_NET = 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2';
const TARGETS: readonly (readonly [RegExp, string])[] = [
  [/^networks\.(?:lora|lora_fa)$|^lycoris/, U_NET],
  [/^networks\.lora_flux$/, 'attn.qkv,attn.proj,mlp.0,mlp.2'],
  [/^networks\.lora_sd3$/, 'attn.qkv,attn.proj,mlp.fc1,mlp.fc2'],
  [/^networks\.lora_wan$/, 'q,k,v,o,ffn.0,ffn.2'],
];

/** The layers that a network module adapts; a config can only leave some out. */
export function kohyaTargets({ root }: ReadSoFar): Default {
  const module = String(scalarAt(root, ['network_module']) ?? 'networks.lora');
  const [, value = 'all-linear'] = TARGETS.find(([pattern]) => pattern.test(module)) ?? [];
  return { value, inWords: l10n.t("every linear layer of the model's transformer blocks") };
}
