import {byId} from './elements.ts';

/** Where pictures are given. */
export interface Intake {
  /** Ids of file inputs. */
  inputs: readonly string[];
  /** Id of what is marked while files are held over the page. */
  zone: string;
  /** Whether what is dropped or pasted anywhere is meant for it. */
  isOpen(): boolean;
}

/** Passes on pictures that are chosen, photographed, dropped anywhere, or pasted. */
export function takePictures({inputs, zone, isOpen}: Intake, onPictures: (files: File[]) => void): void {
  const hand = (files: Iterable<File> | null | undefined) => {
    const pictures = [...(files ?? [])];
    if (pictures.length > 0) onPictures(pictures);
  };
  for (const id of inputs) {
    const input = byId<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      hand(input.files);
      // So that the same picture can be chosen again.
      input.value = '';
    });
  }
  document.addEventListener('paste', ({clipboardData}) => isOpen() && hand(clipboardData?.files));
  watchDrops(byId(zone), (files) => isOpen() && hand(files));
}

function watchDrops(zone: HTMLElement, hand: (files: Iterable<File> | null | undefined) => void): void {
  let inside = 0;
  const mark = (change: number) => {
    inside = Math.max(0, inside + change);
    zone.classList.toggle('over', inside > 0);
  };
  const holdsFiles = ({dataTransfer}: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragenter', (event) => holdsFiles(event) && mark(1));
  document.addEventListener('dragleave', (event) => holdsFiles(event) && mark(-1));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    inside = 0;
    mark(0);
    hand(event.dataTransfer?.files);
  });
}
