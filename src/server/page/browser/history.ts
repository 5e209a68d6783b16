import type {Answer} from './answers.ts';

/** An answer with a small picture. */
export interface Remembered {
  name: string;
  picture: string;
  answer: Answer;
}

const KEY = 'rice-history';
const MAX_ENTRIES = 200;
const MAX_SIDE = 240;

/** The answers of this tab, which survive a reload. The browser deletes them with the tab. */
export function recall(): Remembered[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}

/** Stores the entries; if there is too little space, the oldest are dropped. */
export function remember(entries: readonly Remembered[]): void {
  for (let kept = entries.slice(-MAX_ENTRIES); ; kept = kept.slice(Math.ceil(kept.length / 4))) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch {
      if (kept.length === 0) return;
    }
  }
}

/** A small version of a picture as a data URL; empty if the browser cannot show it. */
export async function shrink(picture: File): Promise<string> {
  try {
    const bitmap = await createImageBitmap(picture);
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
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
