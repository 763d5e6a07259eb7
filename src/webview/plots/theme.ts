import { CURVE_STYLES, type CurveStyle } from '../../plot/style/curve-style';
import type { Palette } from '../../plot/style/palette';

/** Colours as a canvas understands them, read from panel.css, which takes them from the editor's theme. */
export interface Theme extends Palette {
  /** CSS font of the axes. */
  font: string;
}

/** What the theme says now. A canvas cannot follow a variable, so this is read anew when the theme changes. */
export function currentTheme(): Theme {
  const probe = document.createElement('i');
  document.body.append(probe);
  /** The colour a custom property comes to, through every `var()` and `color-mix()`. */
  const colour = (property: string): string => {
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
  };
  const theme: Theme = {
    text: colour('--text'),
    muted: colour('--muted'),
    grid: colour('--grid'),
    band: colour('--band'),
    background: colour('--page'),
    curves: Object.fromEntries(CURVE_STYLES.map((style) => [style, colour(`--curve-${style}`)])) as Record<
      CurveStyle,
      string
    >,
    sequence: [],
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return theme;
}

/** Calls back when the editor's theme changes: VS Code then rewrites the variables and the body's classes. */
export function onThemeChange(callback: () => void): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
