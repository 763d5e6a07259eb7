import * as l10n from '@vscode/l10n';
import type { Curve } from '../../experiment/words/curves';
import type { PanelView } from '../../messages/panel';
import { BAND_LABEL, lossChart, secondChart } from '../../plot/chart';
import { deviationSeries, isMain } from '../../plot/series';
import type { Palette } from '../../plot/style';
import { element, escapeMarkup } from '../../plot/markup';
import { chartSvg, FONT } from '../../plot/svg';
import { numberLabel } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { csvText } from '../page/table-text';

const WIDTH = 720;
const HEIGHT = 320;
const MARGIN = 16;
const LINE = 22;

type Pictured = Pick<PanelView, 'file' | 'recipe' | 'target' | 'run'>;

/** Both plots under the file, the target and the verdict, as one self-contained SVG in the colours of `palette`. */
export function runAsSvg(view: Pictured, losses: readonly (readonly number[])[], palette: Palette): string {
  const { curves, batches } = view.run;
  const size = { width: WIDTH, height: HEIGHT, palette };
  const charts = [lossChart, secondChart].map((chart) => chart(curves, losses, { batches, isDrawn: isMain }));
  const lines = headingOf(view);
  const top = MARGIN + lines.length * LINE;
  const texts = lines.map((line, i) => {
    const style = `font:${i === 0 ? '600 15px' : '13px'} ${FONT};fill:${i === 0 ? palette.text : palette.muted}`;
    return element('text', { x: MARGIN, y: MARGIN + (i + 0.7) * LINE, style }, escapeMarkup(visible(line)));
  });
  const plots = charts.flatMap((chart, i) => {
    const y = top + i * (HEIGHT + LINE + MARGIN) + MARGIN;
    const style = `font:600 12px ${FONT};fill:${palette.text}`;
    const title = element('text', { x: MARGIN, y: y + LINE / 2, style }, escapeMarkup(`${chart.title}, ${chart.unit}`));
    return [title, drawnAt(chartSvg(chart, { ...size, id: `chart-${i}` }), y + LINE)];
  });
  const width = WIDTH + 2 * MARGIN;
  const height = top + 2 * (HEIGHT + LINE + MARGIN) + MARGIN;
  const frame = `xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const page = `<rect width="${width}" height="${height}" style="fill:${palette.background}"/>`;
  return `<svg ${frame}>${page}${texts.join('')}${plots.join('')}</svg>\n`;
}

/** `axolotl-llama3.yml: alpha 16 → 48`, the scaling, and the verdict. */
function headingOf({ file, recipe, target, run }: Pictured): string[] {
  const alpha = recipe ? `: alpha ${numberLabel(recipe.alpha, 6)} → ${numberLabel(target.alpha, 6)}` : '';
  const scaling = recipe
    ? l10n.t`${recipe.trainer}, rank ${recipe.rank}, scaling ${numberLabel(recipe.scaling)} → ${numberLabel(target.scaling)}`
    : '';
  const verdict = run.verdict ? [run.verdict.headline, run.verdict.evidence].filter(Boolean).join('. ') : '';
  return [`${file.name}${alpha}`, scaling, verdict].filter((line) => line !== '');
}

function drawnAt(svg: string, y: number): string {
  return svg.replace('<svg ', `<svg x="${MARGIN}" y="${y}" `);
}

/**
 * An SVG as a PNG of twice its size, in base64.
 * @throws Error when the browser cannot draw it
 */
export async function svgAsPng(svg: string): Promise<string> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 2 * image.naturalWidth;
    canvas.height = 2 * image.naturalHeight;
    const context = canvas.getContext('2d');
    if (!context) throw new Error(l10n.t('This browser gives no canvas to draw the PNG on; export an SVG.'));
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A row a step, a column a curve with its losses, then the relative differences from the baseline, in full. */
export function runAsCsv(curves: readonly Curve[], losses: readonly (readonly number[])[]): string {
  const deviations = deviationSeries(curves, losses);
  const columns = [
    ...curves.map(({ label, role }, index) => {
      const name = role === 'rate' ? l10n.t`learning rate: ${label}` : l10n.t`loss: ${label}`;
      return { name, values: losses[index] ?? [] };
    }),
    ...deviations.lines.map(({ curve, deviations }) => ({
      name: l10n.t`difference from the baseline: ${curve.label}`,
      values: deviations,
    })),
    ...(deviations.band.length > 0 ? [{ name: BAND_LABEL, values: deviations.band }] : []),
  ];
  const steps = Math.max(0, ...columns.map(({ values }) => values.length));
  const rows = Array.from({ length: steps }, (_, step) => [step, ...columns.map(({ values }) => values[step] ?? '')]);
  return csvText([[l10n.t('step'), ...columns.map(({ name }) => name)], ...rows]);
}
