import type {Answer} from './answers.ts';

/** What was answered, with a small picture. */
export interface Remembered {
  name: string;
  picture: string;
  answer: Answer;
}

const KEY = 'rice-history';
const MOST = 200;
const SIDE = 240;

/** The answers of this tab, so that a reload does not lose them. The browser forgets them with the tab. */
export function recall(): Remembered[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}

/** Where there is no room, the oldest are left out. */
export function remember(entries: readonly Remembered[]): void {
  for (let kept = entries.slice(-MOST); ; kept = kept.slice(Math.ceil(kept.length / 4))) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch {
      if (kept.length === 0) return;
    }
  }
}

/** A picture small enough to be kept; empty where the browser cannot show it. */
export async function shrink(picture: File): Promise<string> {
  try {
    const bitmap = await createImageBitmap(picture);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL('image/jpeg', 0.8);
  } catch {
    return '';
  }
}
