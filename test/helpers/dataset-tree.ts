const NAMES = [
  'Arborio/Arborio (1).jpg',
  'Arborio/Arborio (10).jpg',
  'Arborio/Arborio (2).jpg',
  'Basmati/Basmati (1).jpg',
  'Basmati/basmati (2).jpg',
  'Ipsala/2024/field 1/Ipsala (1).JPG',
  'Ipsala/Ipsala (1).jpg',
  // Decomposed and composed letters stay as they are.
  'Karacadağ/u\u0308zu\u0308m.jpg',
  'Karacadağ/\u00e7eltik.png',
  '\uffeeياسمين/ياسمين (1).jpg',
  '\u{1f33e}茉莉/\u{1f33e} (1).webp',
];

/** What stands in the pictures of a small dataset, by path, in the order of code points: nothing that can be decoded. */
export const PICTURES: Readonly<Record<string, string>> = Object.fromEntries(
  NAMES.map((path) => [path, `${path}\n`.repeat(2)]),
);

/** What is in its folder besides. */
export const BESIDE: Readonly<Record<string, string>> = {'Rice_Citation_Request.txt': 'Please cite.\r\n'};

/** What systems leave behind, some of it called a picture. */
export const DROPPINGS: Readonly<Record<string, string>> = {
  '.DS_Store': 'Mac',
  'Arborio/._Arborio (1).jpg': 'Mac',
  'Arborio/Thumbs.db': 'Windows',
  'Basmati/.ipynb_checkpoints/Basmati (1)-checkpoint.jpg': 'Jupyter',
};

export const WRAPPER = 'archive/Rice_Image_Dataset';

/** The files of the dataset as an archive holds them: folders around it, folders as entries, everything besides. */
export function archiveEntries(wrapper: string = WRAPPER): {name: string; content: string}[] {
  const inside = {...DROPPINGS, ...BESIDE, ...PICTURES};
  const around = wrapper === '' ? '' : `${wrapper}/`;
  const entries = Object.entries(inside).map(([path, content]) => ({name: `${around}${path}`, content}));
  return [...entries.reverse(), {name: `__MACOSX/${around}Arborio/._Arborio (2).jpg`, content: 'Mac'}];
}
