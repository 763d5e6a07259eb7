import './page/localise';
import { startAdapter } from './adapter/page';
import { startComparison } from './comparison/page';
import { startPanel } from './panel/panel-page';
import { startRecipes } from './recipes/page';

/** One bundle for every page: nearly all of their code is the same. */
const { page = '' } = document.body.dataset;
const pages: Readonly<Record<string, () => void>> = {
  panel: startPanel,
  comparison: startComparison,
  recipes: startRecipes,
  adapter: startAdapter,
};
pages[page]?.();
