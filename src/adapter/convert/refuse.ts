import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule } from '../adapter';
import { otherFields } from '../config';
import { isProduct } from '../factors';
import { isFloat } from '../files/dtype';
import { isBaseCopy } from '../layouts/names';
import type { Goal } from './goal';

/** What a copy of the base's embedding is. */
export const copyOfBase = (key: string): string =>
  l10n.t`${key} is a copy of the base model's weights, which PEFT saves beside a LoRA: only its layout holds it.`;

/** With these ΔW is another function of A and B, or is there for some tokens alone. */
const NO_PRODUCT = /^(?:use_bdlora|use_qalora|arrow_config|kasa_config|monteclora_config|alora_invocation_tokens)$/;

/** Why an adapter cannot be converted so, in one sentence; null if it can. */
export function refusalOf(adapter: Adapter, goal: Goal): string | null {
  const { layout, modules, saved, faults, config } = adapter;
  const find = (test: (module: AdapterModule) => boolean): string | null => {
    const found = modules.find(test);
    return found ? `${found.prefix}${found.name}` : null;
  };
  const isMoved = goal.portable === true || goal.to !== undefined;
  const unpaired = faults.find(({ code }) => code === 'unpaired');
  const type = find(({ a, b }) => !isFloat(a.dtype) || !isFloat(b.dtype));
  const dora = find(({ magnitude }) => magnitude !== null);
  const product = find((module) => !isProduct(module));
  const bias = find(({ biasB }) => biasB !== null);
  const whole = saved.find((tensor) => !isBaseCopy(tensor));
  const copy = saved.find(isBaseCopy);
  const isResized = goal.rank !== undefined || goal.keep !== undefined;
  const isScaled = goal.alpha !== undefined || goal.scaling !== undefined || goal.rslora !== undefined;
  const isOther = goal.to !== undefined && goal.to !== 'peft';
  const special = otherFields(config).find(
    (key) => NO_PRODUCT.test(key) || (isOther && key !== 'fan_in_fan_out' && key !== 'trainable_token_indices'),
  );
  if (['gguf', 'torchtune', 'nemo', 'unknown'].includes(layout)) {
    return l10n.t`The layout ${layout} is read, not written: convert the adapter that it was made from.`;
  }
  if (unpaired) return unpaired.sentence;
  if (product !== null) {
    return l10n.t`${product} is not B·A alone (LoHa, LoKr, lora_mid, experts), and cannot be converted.`;
  }
  if (goal.to === 'mlx' && find(({ kind }) => kind === 'conv') !== null) {
    return l10n.t('mlx-lm has language models alone.');
  }
  if (type !== null) return l10n.t`${type} has a type that is not read here; F32, F16 and BF16 are.`;
  if (dora !== null && (isMoved || isResized)) {
    return l10n.t`${dora} has a magnitude (DoRA), which depends on the base model. Merge it into the base instead.`;
  }
  if (isMoved && whole) {
    return l10n.t`${whole.key} is a whole tensor (modules_to_save, bias, norm), which only its own layout holds.`;
  }
  if (isOther && copy) return copyOfBase(copy.key);
  if (special !== undefined && (isMoved || isResized)) {
    return l10n.t`The config says ${special}, with which ΔW is not B·A of these modules alone.`;
  }
  // PEFT changes the base again when it loads, by the rank and the scaling that the config says.
  if ((isMoved || isResized || isScaled) && faults.some(({ code }) => code === 'needs-base')) {
    return l10n.t`The init ${config?.init ?? ''} changed the base model. PEFT can subtract it from the adapter first.`;
  }
  if (goal.to !== undefined && bias !== null && goal.to !== 'peft' && goal.to !== 'diffusers') {
    return l10n.t`${bias} has a bias of B, which ${goal.to} does not hold.`;
  }
  const unsaid = find(({ scaling }) => scaling === null);
  if (unsaid !== null && goal.assumeAlpha === undefined) {
    return l10n.t`The scaling of ${unsaid} is unknown. Say the alpha it was trained with: --assume-alpha.`;
  }
  return find(({ scaling }) => scaling === 0) === null
    ? null
    : l10n.t('alpha is 0, so its own trainer multiplies ΔW by 0.');
}
