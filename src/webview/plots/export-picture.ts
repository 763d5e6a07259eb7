import * as l10n from '@vscode/l10n';
import type { Palette } from '../../plot/palette';
import type { Curve } from '../../experiment/words/curves';
import { deviationChart, lossChart } from '../../plot/chart';
import { chartSvg } from '../../plot/svg';

const WIDTH = 720;
const HEIGHT = 320;
const MARGIN = 16;

/** Both plots, one above the other, as one self-contained SVG in the colours of `palette`. */
export function runAsSvg(curves: readonly Curve[], losses: readonly (readonly number[])[], palette: Palette): string {
  const size = { width: WIDTH, height: HEIGHT, palette };
  const upper = placed(chartSvg(lossChart(curves, losses), { ...size, id: 'loss' }), MARGIN);
  const lower = placed(chartSvg(deviationChart(curves, losses), { ...size, id: 'deviation' }), 2 * MARGIN + HEIGHT);
  const width = WIDTH + 2 * MARGIN;
  const height = 2 * HEIGHT + 3 * MARGIN;
  const frame = `xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const page = `<rect width="${width}" height="${height}" style="fill:${palette.background}"/>`;
  return `<svg ${frame}>${page}${upper}${lower}</svg>\n`;
}

function placed(svg: string, y: number): string {
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
