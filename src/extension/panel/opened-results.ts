import { lossesOfResults, resultsView, type PanelSubject } from '../export/results-words';
import type { ResultsFile } from '../export/results-file';
import type { PanelState, PanelView } from '../../messages/panel';
import type { Page } from './session-page';

interface OpenedResultsDeps {
  page: () => Pick<Page, 'notify'>;
  /** Reads the file at an address; null where it holds no results any more. */
  read: (uri: string) => Promise<ResultsFile | null>;
  /** Called when there is something new to show. */
  changed: () => void;
  kept: PanelState['results'];
}

/** The results of an exported check, which a panel shows beside its own run. */
export interface OpenedResults {
  open(file: ResultsFile): void;
  /** Shows them, or the panel's own run. */
  show(isShown: boolean): void;
  view(subject: PanelSubject | null): PanelView['results'];
  state(): PanelState['results'];
  /** Sends the losses, as the page has none. */
  tellAll(): void;
}

/** What an earlier page kept is read again from its file. */
export function openedResults({ page, read, changed, kept }: OpenedResultsDeps): OpenedResults {
  let state = kept;
  let opened: ResultsFile | null = null;
  let id = 0;
  const tellAll = (): void => {
    if (opened) page().notify('results', { id, losses: lossesOfResults(opened.results) });
  };
  const become = (file: ResultsFile | null, isShown: boolean): void => {
    id--;
    opened = file;
    state = file && { uri: file.uri.toString(), isShown };
    tellAll();
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
    view: (subject) => opened && state && resultsView(opened.results, { id, isShown: state.isShown, subject }),
    state: () => state,
    tellAll,
  };
}
