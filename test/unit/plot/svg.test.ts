import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkup } from '../../../src/plot/markup';
import { DARK_PALETTE, LIGHT_PALETTE, strokesOf } from '../../../src/plot/style';
import type { Curve } from '../../../src/experiment/words/curves';
import { deviationChart, lossChart } from '../../../src/plot/chart';
import { chartSvg } from '../../../src/plot/svg';
import { spreadLabels } from '../../../src/plot/end-labels';

const curves: readonly Curve[] = [
  { name: 'base', label: 'baseline', role: 'base' },
  { name: 'rescaled', label: 'rescaled', role: 'rescaled' },
  { name: 'alpha-only', label: 'alpha alone', role: 'alpha-only' },
  { name: 'control-1', label: 'control', role: 'control' },
];
const losses = [
  [1, 0.8, 0.6],
  [1, 0.8, 0.6],
  [1, 0.7, 0.4],
  [1, 0.8, 0.6000001],
];
const rescaledTo = (...alphas: number[]): Curve[] =>
  alphas.map((alpha) => ({ name: `${alpha}`, label: `alpha ${alpha}`, role: 'rescaled' }));

type Losses = readonly (readonly number[])[];
const lossSvg = (of: readonly Curve[], values: Losses, title = 'Loss'): string =>
  chartSvg({ ...lossChart(of, values), title }, { id: 'loss' });
const deviationSvg = (of: readonly Curve[], values: Losses, palette = LIGHT_PALETTE): string =>
  chartSvg(deviationChart(of, values), { id: 'deviation', palette });

const count = (svg: string, what: RegExp): number => svg.match(what)?.length ?? 0;
const linesIn = (svg: string): number =>
  count(svg, /<g clip-path.*<\/g>/g) && count(/<g clip-path.*<\/g>/.exec(svg)?.[0] ?? '', /<path /g);

/** Every tag is closed, in order: what an XML reader would insist on. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name = '', attributes = '', empty] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^<>]*?)(\/?)>/g)) {
    if (!/^(\s+[a-zA-Z-]+="[^"<>]*")*$/.test(attributes)) return false;
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!empty) open.push(name);
  }
  return open.length === 0 && !/&(?!amp;|lt;|gt;|quot;|#39;)/.test(svg);
}

it('goes from colour to colour in solid lines in a sweep of many, and names a few', () => {
  const sweep = [...curves.slice(0, 1), ...rescaledTo(...Array.from({ length: 64 }, (_, i) => i + 1))];
  const strokes = strokesOf(sweep, DARK_PALETTE).slice(1);
  expect(new Set(strokes.map(({ colour }) => colour)).size).toBeGreaterThan(50);
  expect(strokes.every(({ dash }) => dash.length === 0)).toBe(true);
  const svg = lossSvg(sweep, Array<number[]>(65).fill([1, 0.5, 0.25]));
  expect(isWellFormed(svg)).toBe(true);
  expect(linesIn(svg)).toBe(65);
  expect(count(svg, /<text[^>]*>alpha \d+<\/text>/g)).toBe(7);
  expect(svg).toContain('>alpha 64</text>');
});

describe('several draws', () => {
  const further = curves.map((curve): Curve => ({ ...curve, name: `${curve.name}@2`, family: curve.name, draw: 1 }));

  it('are drawn thin behind the first and listed once', () => {
    const svg = lossSvg([...curves, ...further], [...losses, ...losses]);
    expect(linesIn(svg)).toBe(6);
    expect(count(svg, />baseline<\/text>/g)).toBe(1);
    expect(svg).toContain('>thin: other seeds</text>');
    const [first] = /<g clip-path[^>]*><path[^>]*>/.exec(svg) ?? [];
    expect(first).toContain('stroke-opacity');
  });

  it('are each compared with their own base', () => {
    const others = losses.map((curve) => curve.map((loss) => 3 * loss));
    const svg = deviationSvg([...curves, ...further], [...losses, ...others]);
    expect(svg).toContain('rescaled: 0, the same bits</text>');
    const off = others.map((curve, i) => (i === 1 ? curve.map((loss) => loss * 1.01) : curve));
    expect(deviationSvg([...curves, ...further], [...losses, ...off])).not.toContain(
      'rescaled: 0, the same bits</text>',
    );
  });
});

describe('lossSvg', () => {
  it('draws every curve but the controls, with a legend, a title and a description', () => {
    const svg = lossSvg(curves, losses, 'Loss of a & b');
    expect(isWellFormed(svg)).toBe(true);
    expect(linesIn(svg)).toBe(3);
    for (const { label } of curves.slice(0, 3)) expect(svg).toContain(`>${label}</text>`);
    expect(svg).not.toContain('>control</text>');
    expect(svg).toContain('<title id="loss-title">Loss of a &amp; b</title>');
    expect(svg).toContain('alpha alone: 1 at the start, 0.4 at step 2');
  });

  it('interrupts a line where a loss is not finite', () => {
    const [base] = curves as [Curve];
    const svg = lossSvg([base], [[1, NaN, 0.5, 0.4, Infinity]]);
    expect(svg).toMatch(/d="M[\d.]+ [\d.]+M[\d.]+ [\d.]+L[\d.]+ [\d.]+"/);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('keeps the base legible when another curve explodes', () => {
    const position = (svg: string): string | undefined => /d="(M[^"]*)" style="fill:none/.exec(svg)?.[1];
    const [calm = '', wild = ''] = [40, 1e30].map((end) =>
      lossSvg(
        curves.slice(0, 3),
        [0.5, 0.5, end].map((last) => [1, last]),
      ),
    );
    expect(position(wild)).toBe(position(calm));
  });

  it.each<[string, number[][]]>([
    ['nothing yet', Array(4).fill([])],
    ['one step', Array(4).fill([1])],
    ['all zero', Array(4).fill([0, 0])],
    ['nothing finite', Array(4).fill([NaN])],
    ['many decades', [[1e3, 1e-3], ...Array<number[]>(3).fill([1, 1])]],
  ])('survives %s', (_, values) => {
    for (const svg of [lossSvg(curves, values), deviationSvg(curves, values)]) {
      expect(isWellFormed(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('survives a run of a hundred thousand steps', () => {
    const long = Array.from({ length: 100_000 }, (_, step) => 1 / (1 + step));
    const svg = lossSvg(curves.slice(0, 1), [long]);
    expect(isWellFormed(svg)).toBe(true);
    expect(svg.length).toBeLessThan(100_000);
  });
});

describe('deviationSvg', () => {
  it('shows what is identical as a line at 0, and says so', () => {
    const svg = deviationSvg(curves, losses);
    expect(isWellFormed(svg)).toBe(true);
    // The band, and two lines.
    expect(linesIn(svg)).toBe(3);
    expect(svg).toContain('>rescaled: 0, the same bits</text>');
    expect(svg).toContain('rescaled: 0, the same bits; alpha alone: at most 33 %. Rounding error: at most 1.7e-5 %.');
  });

  it('says once that all is identical where there are many', () => {
    const sweep = [...curves.slice(0, 1), ...rescaledTo(1, 2, 3, 4)];
    const svg = deviationSvg(sweep, Array<number[]>(5).fill([1, 0.5]));
    expect(svg).toContain('>all curves: 0, the same bits</text>');
  });

  it('takes its colours from the palette', () => {
    const svg = deviationSvg(curves, losses, DARK_PALETTE);
    expect(svg).toContain(`stroke:${DARK_PALETTE.curves['alpha-only']}`);
    expect(svg).toContain(`fill:${DARK_PALETTE.band}`);
  });
});

it('lets curves of the same role take turns on one line', () => {
  const strokes = strokesOf(rescaledTo(1, 4, 16), DARK_PALETTE);
  expect(new Set(strokes.map(({ colour }) => colour)).size).toBe(3);
  expect(strokes.map(({ dashOffset }) => dashOffset)).toEqual([-0, -9, -18]);
  expect(strokes.map(({ dash }) => dash)).toEqual(Array(3).fill([9, 18]));
});

it('leaves nothing that a parser of markup would act on', () => {
  expect(escapeMarkup(`<b a="1">&'\uFFFE\u001b[31m\u202e`)).toBe(
    '&lt;b a=&quot;1&quot;&gt;&amp;&#39;\\u001b[31m\\u202e',
  );
});

describe('labels at the ends of curves', () => {
  it.each([
    ['stay where there is room', [10, 50, 90], [10, 50, 90]],
    ['share the place of one', [50, 50], [42, 58]],
    ['keep the order of curves that end together', [50, 50, 50], [34, 50, 66]],
    ['move away from the upper edge', [0, 0], [8, 24]],
    ['move away from the lower edge', [200, 200], [176, 192]],
    ['push each other up from the lower edge', [170, 190, 199], [160, 176, 192]],
  ])('%s', (_, wanted, places) => expect(spreadLabels(wanted, 16, [8, 192])).toEqual(places));

  it('never overlap, stay in their room and in the order of their curves', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 10 }), (wanted) => {
        const places = spreadLabels(wanted, 16, [8, 192]);
        const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
        const sorted = order.map((i) => places[i] ?? NaN);
        for (const [i, place] of sorted.entries()) {
          expect(place).toBeGreaterThanOrEqual(8 - 1e-6);
          expect(place).toBeLessThanOrEqual(192 + 1e-6);
          if (i > 0) expect(place - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-6);
        }
      }),
    );
  });
});
