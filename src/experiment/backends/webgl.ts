import * as l10n from '@vscode/l10n';
import '@tensorflow/tfjs-backend-webgl';
import { dispose, div, env, mul, sqrt, sub, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { normalsOf } from '../draw/random';
import type { Backend, Inspected } from './backend';

/** The GPU, through WebGL on an OffscreenCanvas; only where there is a browser. */
export const webgl: Backend = {
  id: 'webgl',
  prepare() {
    // All arithmetic on the GPU and in 32 bits.
    env().set('WEBGL_CPU_FORWARD', false);
    env().set('WEBGL_FORCE_F16_TEXTURES', false);
  },
  flushSteps: 10,
  inspect,
};

/**
 * A device that computes in half floats (11 bits) proves nothing. Others may round divisions (to 2.5 units in the last
 * place) and square roots differently at another scale: then a rescaled run can differ in its last bits although the
 * rule is right, and the verdict depends on the controls.
 * @see https://registry.khronos.org/OpenGL/specs/es/3.0/GLSL_ES_Specification_3.00.pdf (4.5.1, range and precision)
 */
async function inspect(): Promise<Inspected> {
  if (!env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')) {
    return { refusal: l10n.t('computes in 16 bits here, which is too coarse to tell two runs apart') };
  }
  const caveat = l10n.t(
    'This graphics processor rounds divisions or roots differently at another scale, so that equal runs may differ in their last bits here. CPU and WebAssembly keep them.',
  );
  return (await keepsBitsAtOtherScales()) ? {} : { caveat };
}

/** Whether division by powers of two and roots of powers of four preserve all other bits. */
async function keepsBitsAtOtherScales(): Promise<boolean> {
  const compared = tidy((): Tensor[] => {
    const [x, y] = [1, 2].map((seed) => tensor(normalsOf(seed, 256).map((value) => 0.1 + Math.abs(value))));
    if (!x || !y) return [];
    const alike = [mul(div(mul(x, 2 ** -9), y), 2 ** 9), mul(div(x, mul(y, 2 ** 7)), 2 ** 7)];
    return [sub(sqrt(x), mul(sqrt(mul(x, 4 ** -5)), 2 ** 5)), ...alike.map((each) => sub(div(x, y), each))];
  });
  const differences = await Promise.all(compared.map((each) => each.data()));
  dispose(compared);
  return differences.every((each) => each.every((value) => value === 0));
}
