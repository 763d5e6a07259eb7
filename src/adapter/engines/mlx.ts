import { does, engine, ran, range, right } from './engine';

const FILE = does({ takes: ['mlx'], rank: 'none', rankPattern: 'refused', zero: 'zero' });
const SCALED = does({ ...FILE, alpha: ['scale'], missing: 'refused', ...right('dora', 'embedding') });

export const MLX_LM = engine('mlx-lm', 'mlx-lm', 'ml-explore/mlx-lm', 'mlx_lm/tuner/lora.py, dora.py, utils.py', [
  range('0.32.2', SCALED, {
    ...ran('0.32.2', 'scale', 'missing'),
    note: 'Until June 2024 (mlx-examples #614) scale·alpha/rank was applied, so older configs run at rank/alpha today.',
  }),
]);

export const MLX_VLM = engine('mlx-vlm', 'mlx-vlm', 'Blaizzy/mlx-vlm', 'mlx_vlm/trainer/lora.py, utils.py', [
  range('6b0ad8f0', FILE, { until: '0.4.4', note: 'alpha was applied undivided (#845).' }),
  range('9b13f522', FILE, { since: '0.5.0', note: 'alpha/rank; which keys of mlx-lm’s config it reads is unknown.' }),
]);
