import { CURVE_STYLES, DARK_PALETTE, LIGHT_PALETTE, type Palette } from '../../../plot/style';

/** A colour in light and in dark, so that one picture serves both. */
const both = (of: (palette: Palette) => string): string => `light-dark(${of(LIGHT_PALETTE)},${of(DARK_PALETTE)})`;

export const REPORT_PALETTE: Palette = {
  text: both(({ text }) => text),
  muted: both(({ muted }) => muted),
  grid: both(({ grid }) => grid),
  band: both(({ band }) => band),
  background: 'none',
  curves: Object.fromEntries(
    CURVE_STYLES.map((style) => [style, both(({ curves }) => curves[style])]),
  ) as Palette['curves'],
  sequence: LIGHT_PALETTE.sequence.map((_, i) => both(({ sequence }) => sequence[i] ?? '')),
};

/**
 * The report's style sheet, in the sizes of the panel's (media/panel). System fonts and no address anywhere: the page
 * loads nothing.
 */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --text: ${REPORT_PALETTE.text};
  --muted: ${REPORT_PALETTE.muted};
  --page: ${both(({ background }) => background)};
  --card: light-dark(#f6f8fa, #23272d);
  --line: light-dark(#d8dee4, #383e46);
  --good: light-dark(#1a7f37, #5ccb7a);
}
* { box-sizing: border-box; margin: 0; }
body { max-width: 1220px; margin: 0 auto; padding: 18px 20px 28px; background: var(--page); color: var(--text);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
header { padding-bottom: 10px; border-bottom: 1px solid var(--line); }
h1 { font-size: 16px; font-weight: 600; }
h2 { margin-bottom: 6px; font-size: 13px; font-weight: 600; color: var(--muted); }
b { font-weight: 600; }
small { font-size: 12px; font-weight: 400; color: var(--muted); }
.muted, .whys dd, .disclosure > summary, .price, th { color: var(--muted); }
main { display: grid; gap: 0 32px; padding-top: 14px; }
main > div, section { min-width: 0; }
section { margin-bottom: 16px; }
.goal { font-size: 24px; line-height: 1.3; }
.card { padding: 10px 14px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); }
.large { display: flex; flex-wrap: wrap; gap: 8px 24px; }
.large > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.large dd { font-size: 20px; font-weight: 600; }
.whys { display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px; margin-top: 6px; }
.disclosure { margin-top: 8px; font-size: 13px; }
summary { cursor: pointer; }
.way { padding: 4px 0; border-top: 1px solid var(--line); }
.price { float: right; }
.price.ok { color: var(--good); }
.verdict { --tone: light-dark(#8a6100, #e0b34c); padding: 8px 12px 10px; border-left: 3px solid var(--tone);
  background: color-mix(in srgb, var(--tone) 9%, transparent); }
.identical, .equivalent { --tone: var(--good); }
.different { --tone: light-dark(#c8252f, #ff7b72); }
.nearly { --tone: light-dark(#0969da, #6cb6ff); }
.verdict h2 { font-size: 15px; color: var(--text); }
.mark { color: var(--tone); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 0 32px; }
svg { display: block; width: 100%; max-width: 660px; height: auto; }
.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 0 3px 12px; text-align: right; white-space: nowrap; }
th { font-size: 12px; font-weight: 400; }
td { border-top: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; text-align: left; white-space: normal; }
pre { margin-top: 6px; padding: 8px 10px; overflow-x: auto; border: 1px solid var(--line); background: var(--page); }
ul { margin-top: 6px; padding-left: 18px; }
footer { padding-top: 10px; border-top: 1px solid var(--line); font-size: 13px; }
@media (min-width: 720px) { main:not(.wide) { grid-template-columns: 5fr 6fr; align-items: start; } }
@media print { section { break-inside: avoid; } }
`;
