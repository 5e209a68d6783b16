import type {Correction} from '../../../../scanning/corrections.ts';
import type {Point} from '../../../../scanning/types.ts';
import {saveCsv} from '../csv.ts';
import {byId, make} from '../elements.ts';
import {takePictures} from '../intake.ts';
import {currentTab} from '../tabs.ts';
import {explainFailure, type Failure} from '../words.ts';
import {askScan, type ScanQuestion, UNREACHABLE} from './ask-scan.ts';
import {type Coloring, legendOf, sampleLine} from './colors.ts';
import {CorrectionList} from './correction-list.ts';
import {amount, type ScanDocument, type ScannedGrain} from './document.ts';
import {hideGrain, showGrain} from './grain-panel.ts';
import {markRow, showTable} from './grain-table.ts';
import {toScanCsv} from './scan-csv.ts';
import {ScanProgress} from './scan-progress.ts';
import {clearPlace, readSettings, setPlace, watchSettings} from './settings.ts';
import {Stage} from './stage.ts';
import {showSums} from './sums.ts';
import {onPage} from './words.ts';

/** What the next tap on the picture means. */
type Mode = 'look' | 'split' | 'join' | 'point';

const HINTS: Record<Mode, string> = {
  look: '',
  split: 'Draw a line across it, or tap where the cut begins and where it ends.',
  join: 'Choose the other grain: tap it, or its number in the table.',
  point: 'Tap the coin, card or sheet in the picture.',
};

/** Failures that the same request may not meet again. */
const PASSING = [UNREACHABLE, 'SERVER_BUSY', 'SERVER_STOPPING', 'RATE_LIMITED', 'ANSWER_TIMEOUT', 'INTERNAL'];

/** Starts the tab for photographs of many grains. */
export function startScans(): void {
  new ScanTab();
}

class ScanTab {
  readonly #labels = [...byId<HTMLSelectElement>('expect').options]
    .map(({value}) => value)
    .filter((value) => value !== '');
  readonly #progress = new ScanProgress(() => this.#asking?.abort());
  readonly #corrections = new CorrectionList({
    onChange: () => this.#refresh(),
    onApply: () => void this.#scan(),
    nameOf: () => this.#name,
  });
  readonly #stage = new Stage({
    onTap: (at, grain) => this.#tap(at, grain),
    onLine: (from, to) => this.#cut(from, to),
    onStep: (step) => this.#step(step),
    onEscape: () => this.#escape(),
  });
  #file: File | undefined;
  #address = '';
  #scanned: ScanDocument | undefined;
  #chosen: ScannedGrain | undefined;
  #mode: Mode = 'look';
  #asking: AbortController | undefined;

  constructor() {
    const intake = {
      inputs: ['scan-choose', 'scan-photograph'],
      zone: 'scan-drop',
      isOpen: () => currentTab() === 'scan',
    };
    takePictures(intake, ([file]) => this.#open(file));
    watchSettings(() => this.#offerAgain());
    byId('scan-settings').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#scan();
    });
    byId('point').addEventListener('click', () => this.#setMode('point'));
    byId('color-by').addEventListener('change', () => this.#draw());
    byId('scan-csv').addEventListener('click', () => {
      if (this.#scanned)
        saveCsv(`${this.#name}.csv`, toScanCsv(this.#file!.name, this.#labels, this.#scanned.pictures[0]));
    });
  }

  /** Of the file, without its extension. */
  get #name(): string {
    return (this.#file?.name ?? '').replace(/\.[^.]*$/, '') || 'scan';
  }

  #open(file: File): void {
    this.#file = file;
    this.#scanned = undefined;
    this.#chosen = undefined;
    this.#corrections.clear();
    clearPlace();
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(file);
    byId('scan').hidden = false;
    byId('scan-head').hidden = true;
    byId('scan-title').textContent = '';
    for (const id of ['scan-scale', 'scan-warnings', 'legend', 'sums', 'all']) byId(id).replaceChildren();
    for (const part of document.querySelectorAll<HTMLElement>('#scan > section')) part.hidden = true;
    this.#stage.open(this.#address, () => {
      byId('point').hidden = this.#stage.image === undefined;
    });
    this.#setMode('look');
    void this.#scan();
  }

  async #scan(): Promise<void> {
    const settings = readSettings();
    if (!this.#file) return;
    if ('missing' in settings) {
      this.#offerAgain();
      this.#fail({message: settings.missing, suggestions: []});
      return;
    }
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    byId('scan-failure').hidden = true;
    byId('again-place').hidden = true;
    const corrections = this.#corrections.forPicture();
    const question: ScanQuestion = {picture: this.#file, parameters: settings.parameters, corrections};
    this.#progress.begin();
    const answer = await askScan(question, {signal: asking.signal, onSent: (share) => this.#progress.sent(share)});
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#progress.end();
    if ('scan' in answer) this.#show(answer.scan);
    else {
      this.#offerAgain();
      if ('failure' in answer) this.#fail(answer.failure);
      else byId('scan-status').textContent = 'The scan was cancelled.';
    }
  }

  #show(scanned: ScanDocument): void {
    const first = this.#scanned === undefined;
    this.#scanned = scanned;
    this.#chosen = undefined;
    const [picture] = scanned.pictures;
    const title = picture.count === 0 ? 'No grain was found' : amount(picture.count, 'grain');
    byId('scan-title').textContent = title;
    byId('scan-head').hidden = false;
    byId('scan-scale').textContent = picture.scale
      ? `Scale: ${onPage(picture.scale.description)}, ${picture.scale.pxPerMm.toFixed(2)} pixels per millimeter.`
      : 'No scale is known: sizes are in pixels. Lay a coin or a card beside the grains, and say so above.';
    const warnings = [...new Set([...picture.warnings, ...scanned.summary.warnings, ...scanned.warnings])];
    byId('scan-warnings').replaceChildren(...warnings.map((warning) => make('li', {}, onPage(warning))));
    for (const part of document.querySelectorAll<HTMLElement>('#scan > section')) part.hidden = false;
    this.#corrections.applied(picture.sha256);
    showSums(scanned.summary);
    showTable(picture, (grain) => this.#choose(grain));
    this.#draw();
    this.#setMode('look');
    byId('scan-status').textContent = `${title}.`;
    if (first) byId('scan-title').scrollIntoView({block: 'nearest', behavior: 'smooth'});
  }

  #fail(failure: Failure): void {
    const {message, suggestions} = explainFailure(failure);
    const place = byId('scan-failure');
    place.replaceChildren(make('h2', {}, 'No scan'), make('p', {}, onPage(message)));
    if (suggestions[0]) place.append(make('p', {class: 'facts'}, onPage(suggestions[0])));
    if (failure.code === 'REFERENCE_NOT_FOUND' && this.#stage.image)
      place.append(make('p', {class: 'facts'}, 'Or press “Point at it”, and tap it in the picture.'));
    if (PASSING.includes(failure.code ?? '')) {
      const again = make('button', {type: 'button', class: 'small'}, 'Try again');
      again.addEventListener('click', () => void this.#scan());
      place.append(again);
    }
    place.hidden = false;
  }

  #offerAgain(): void {
    byId('again-place').hidden = this.#file === undefined;
  }

  #draw(): void {
    if (!this.#scanned) return;
    const [picture] = this.#scanned.pictures;
    const coloring = byId<HTMLSelectElement>('color-by').value as Coloring;
    const labels = [...new Set(picture.grains.filter(({known}) => known).map(({label}) => label))].sort();
    this.#stage.show(picture, coloring, labels);
    const kinds = legendOf(picture.grains, coloring, labels);
    byId('legend').replaceChildren(
      ...kinds.map(({kind, count}) => make('li', {}, sampleLine(kind), `${kind.name}: ${count}`)),
    );
    this.#refresh();
  }

  #tap(at: Point, grain: ScannedGrain | undefined): void {
    if (this.#mode === 'point') {
      setPlace(at);
      this.#setMode('look');
      void this.#scan();
    } else if (grain) this.#choose(grain);
    else if (this.#mode === 'look') this.#choose(undefined);
  }

  #choose(grain: ScannedGrain | undefined): void {
    if (this.#mode === 'join' && this.#chosen && grain) {
      const {outline} = this.#chosen;
      if (grain.id !== this.#chosen.id) this.#corrections.join(this.#chosen, grain);
      this.#setMode('look');
      byId('scan-status').textContent = outline.length > 0 ? 'The grains will be joined.' : '';
      return;
    }
    this.#chosen = grain;
    this.#setMode('look');
    if (!grain) return;
    this.#stage.reveal(grain);
    byId('scan-status').textContent = `Grain ${grain.id}: ${grain.known ? grain.label : 'unknown'}.`;
  }

  /** To the grain after the chosen one in reading order, or before it. */
  #step(step: 1 | -1): void {
    const grains = this.#scanned?.pictures[0].grains ?? [];
    if (grains.length === 0 || this.#mode === 'point') return;
    const position = this.#chosen ? grains.indexOf(this.#chosen) : step > 0 ? -1 : 0;
    const mode = this.#mode;
    if (mode === 'join') this.#mode = 'look';
    this.#choose(grains[(position + step + grains.length) % grains.length]);
  }

  #cut(from: Point, to: Point): void {
    if (this.#chosen) this.#corrections.split(this.#chosen, from, to);
    this.#setMode('look');
  }

  #escape(): void {
    if (this.#mode === 'look') this.#choose(undefined);
    else this.#setMode('look');
  }

  #setMode(mode: Mode): void {
    this.#mode = mode;
    this.#stage.draws = mode === 'split';
    if (HINTS[mode] !== '') byId('scan-status').textContent = HINTS[mode];
    this.#refresh();
  }

  /** Shows what is chosen and corrected. */
  #refresh(): void {
    const [picture] = this.#scanned?.pictures ?? [];
    const pending = picture ? this.#corrections.pendingOf(picture.grains) : new Map<number, Correction>();
    const marks = new Map<number, string[]>();
    for (const id of pending.keys()) marks.set(id, ['changed']);
    const chosen = this.#chosen;
    if (chosen) marks.set(chosen.id, [...(marks.get(chosen.id) ?? []), 'chosen']);
    this.#stage.mark(marks);
    this.#stage.showCuts(
      [...pending.values()].flatMap((each) => (each.do === 'split' ? [[each.from, each.to] as const] : [])),
    );
    markRow(chosen?.id);
    byId('scan')
      .querySelector('.desk')!
      .classList.toggle('two', chosen !== undefined);
    if (!chosen) {
      hideGrain();
      return;
    }
    const said = pending.get(chosen.id);
    const view = {
      grain: chosen,
      labels: this.#labels,
      image: this.#stage.image,
      pending: said,
      hint: HINTS[this.#mode],
    };
    showGrain(view, {
      onLabel: (label) => this.#corrections.label(chosen, label),
      onRemove: () => this.#corrections.remove(chosen),
      onCut: (way) => this.#corrections.cut(chosen, way),
      onDraw: () => this.#setMode('split'),
      onJoin: () => this.#setMode('join'),
      onUndo: () => (this.#mode === 'look' ? said && this.#corrections.takeBack(said) : this.#setMode('look')),
      onClose: () => this.#choose(undefined),
    });
  }
}
