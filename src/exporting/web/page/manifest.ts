import type {RiceMetadata} from '../../../model/metadata.ts';

export const TITLE = 'Which rice is it?';
/** Sides of the icons in pixels, and their files. */
export const ICONS = new Map([
  [192, 'icon-192.png'],
  [512, 'icon-512.png'],
]);

/** What a phone needs to install the page as an app (https://www.w3.org/TR/appmanifest/). */
export function webManifest({name, version, labels}: RiceMetadata): string {
  const icons = [...ICONS].map(([side, src]) => ({
    src,
    sizes: `${side}x${side}`,
    type: 'image/png',
    purpose: 'any maskable',
  }));
  const manifest = {
    id: './',
    name: TITLE,
    short_name: 'rice',
    description: `Tells ${new Intl.ListFormat('en').format(labels)} from pictures (model ${name} ${version})`,
    lang: 'en',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#14161a',
    theme_color: '#14161a',
    icons,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
