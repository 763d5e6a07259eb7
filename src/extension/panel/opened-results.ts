import { lossesOfResults, resultsView, type PanelSubject } from '../export/results-words';
import type { ResultsFile } from '../export/results-file';
import type { pageContract, PanelState, PanelView } from '../../messages/panel';
import type { Peer } from '../../messages/rpc';
import type { Outlook } from './outlook';

interface OpenedResultsDeps {
  page: Pick<Peer<typeof pageContract>, 'notify'>;
  /** Reads the file at an address; null where it holds no results any more. */
  read: (uri: string) => Promise<ResultsFile | null>;
  /** When the config was saved last, in milliseconds since 1970. */
  saved: () => Promise<number>;
  /** Called when there is something new to show. */
  changed: () => void;
  kept: PanelState['results'];
}

/** The results of an exported check, which a panel shows beside its own run. */
export interface OpenedResults {
  open(file: ResultsFile): void;
  /** Shows them, or the panel's own run. */
  show(isShown: boolean): void;
  /** @param text of the config, as it is now */
  view(subject: PanelSubject | null, text: string | undefined): PanelView['results'];
  state(): PanelState['results'];
  /** Sends the losses, as the page has none. */
  tellAll(): void;
}

/** What an earlier page kept is read again from its file. */
export function openedResults({ page, read, saved, changed, kept }: OpenedResultsDeps): OpenedResults {
  let state = kept;
  let opened: ResultsFile | null = null;
  // Text of the config that was checked. If it is unknown: the text when the results were opened.
  let checked: string | undefined;
  let isOlder = false;
  let id = 0;
  const tellAll = (): void => {
    if (opened) page.notify('results', { id, losses: lossesOfResults(opened.results) });
  };
  const become = (file: ResultsFile | null, isShown: boolean): void => {
    id--;
    opened = file;
    checked = file?.checked;
    isOlder = false;
    if (file && checked === undefined) void compare(file);
    state = file && { uri: file.uri.toString(), isShown };
    tellAll();
    changed();
  };
  const compare = async (file: ResultsFile): Promise<void> => {
    const time = await saved();
    if (opened !== file || time <= file.written) return;
    isOlder = true;
    changed();
  };
  if (kept) {
    void read(kept.uri).then((file) => {
      // Other results may have been opened meanwhile.
      if (state?.uri === kept.uri && !opened) become(file, state.isShown);
    });
  }
  return {
    open: (file) => become(file, true),
    show(isShown) {
      if (!state) return;
      state = { ...state, isShown };
      changed();
    },
    view(subject, text) {
      if (!opened || !state) return null;
      checked ??= text;
      const isChanged = isOlder || checked !== text;
      return resultsView(opened.results, { id, isShown: state.isShown, subject: subject && { ...subject, isChanged } });
    },
    state: () => state,
    tellAll,
  };
}

/** What a panel is about; null before a config was read. */
export function subjectOf(outlook: Outlook | null, config: string): PanelSubject | null {
  if (!outlook) return null;
  const { recipe, target, plan, plans } = outlook;
  return {
    config,
    alpha: [recipe.alpha, target.alpha],
    k: target.k,
    plan: plan?.id ?? null,
    titles: Object.fromEntries(plans.plans.map(({ id, title }) => [id, title])),
  };
}
