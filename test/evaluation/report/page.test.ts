import {createHash} from 'node:crypto';
import {expect} from 'chai';
import {bar, barStart} from '../../../src/common/report/figures.ts';
import type {Evaluation} from '../../../src/evaluation/evaluate.ts';
import {renderPage} from '../../../src/evaluation/report/page.ts';
import type {PageData} from '../../../src/evaluation/report/page-data.ts';
import {STYLE} from '../../../src/evaluation/report/style.ts';
import {shownUnknowns} from '../../../src/evaluation/report/unknown-section.ts';

const EVIL = `<img src=x onerror=alert(1)>"'&\`</title></style><script>alert(2)</script>`;
const TRICKY = 'a\u202egpj.exe\n\u0007';

const evaluation: Evaluation = {
  model: {name: 'rice', version: '1.0.0', sha256: 'ab'.repeat(32), labels: ['A', 'B']},
  images: 1200,
  accuracy: 1199 / 1200,
  interval: {low: 0.9953, high: 0.99985, level: 0.95},
  unknown: 3,
  reasons: {'no grain': 1, 'low confidence': 2},
  selective: {coverage: 0.99, accuracy: 1187 / 1188, images: 1188},
  perClass: {
    A: {precision: 0.99, recall: 1, f1: 0.995, support: 700},
    B: {precision: null, recall: 0.99, f1: null, support: 500},
  },
  confusion: {
    labels: ['A', 'B'],
    matrix: [
      [700, 0],
      [1, 499],
    ],
  },
  calibration: {
    ece: 0.0123,
    bins: [
      {low: 0, high: 0.5, count: 0, confidence: null, accuracy: null},
      {low: 0.5, high: 1, count: 1200, confidence: 0.987, accuracy: 0.999},
    ],
  },
  mistakes: [{path: 'B/1.jpg', label: 'B', predicted: 'A', confidence: 0.97}],
  unknowns: [
    {path: 'A/9.jpg', label: 'A', predicted: 'A', confidence: 0.6, reason: 'low confidence'},
    {path: 'B/7.jpg', label: 'B', predicted: 'A', confidence: 0.5, reason: 'no grain'},
    {path: 'B/8.jpg', label: 'B', predicted: 'B', confidence: 0.4, reason: 'low confidence'},
  ],
  errors: [],
  seconds: 2,
  imagesPerSecond: 600,
};

const data: PageData = {
  evaluation,
  folder: '/data/rice',
  part: 'test',
  device: 'cpu',
  trust: 'same-camera',
  date: '2026-11-23T10:00:00.000Z',
  command: 'rice evaluate rice --part test',
  version: '1.0.0',
  pictures: [{uri: 'data:image/jpeg;base64,AAAA', width: 250, height: 200}],
  unknownPictures: ['BBBB', 'CCCC', 'DDDD'].map((text) => ({
    uri: `data:image/jpeg;base64,${text}`,
    width: 9,
    height: 8,
  })),
};

const robustness: PageData['robustness'] = [
  {
    change: 'scale-0.75',
    title: 'scale 0.75',
    images: 1200,
    accuracy: 0.75,
    unknown: 60,
    interval: {low: 0.72, high: 0.77, level: 0.95},
    perClass: {A: {recall: 0.9}, B: {recall: 0.5}},
    worst: {label: 'B', recall: 0.5},
  },
];

describe('report page', () => {
  it('shows the figures', () => {
    const text = textOf(renderPage(data));
    for (const part of [
      '99.92% right',
      '1,199 of 1,200 pictures of the test part',
      'between 99.53% and 99.98%',
      'Answered “unknown” 3 (0.25%)',
      'Calibration error 1.23%',
      'Right of the 99% most trusted 99.92%',
      'no grain 1 0.08% Nothing stands out',
      'low confidence 2 0.17% It lies between',
      'B 1 0.20% 499 99.80% 500',
      'B - 99.00% - 500',
      '50% to 100% 1,200 98.70% 99.90%',
      'B taken for A 97.0% sure B/1.jpg',
      'rice evaluate rice --part test',
      'ab'.repeat(32),
      '2026-11-23 10:00:00 UTC',
    ])
      expect(text).to.contain(part);
    expect(text).not.to.contain('The same pictures, changed').and.not.to.contain('Unreadable files They');
  });

  it('has no section for unknown answers if there are none', () => {
    expect(renderPage({...data, evaluation: {...evaluation, unknown: 0, reasons: {}}})).not.to.contain(
      'href="#unknown"',
    );
  });

  it('has sections for robustness and errors, and links to each section', () => {
    const errors = [{path: 'A/2.jpg', code: 'IMAGE_EMPTY' as const, message: 'the file is empty'}];
    const gate = {minAccuracy: 0.9995, passed: false};
    const page = renderPage({...data, evaluation: {...evaluation, errors}, robustness, gate, limit: 1200});
    const text = textOf(page);
    expect(text).to.contain('scale 0.75 75.00% 72.00% to 77.00% 5.0% B 50.00%');
    expect(text).to.contain('A/2.jpg IMAGE_EMPTY the file is empty');
    expect(text).to.contain('Not good enough: at least 99.95% is required.');
    expect(text).to.contain('limited to 1,200');
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) expect(page).to.match(new RegExp(`<(h2|li) id="${id}">`));
  });

  it('shows pictures of the unknown, of each reason in turn', () => {
    const page = renderPage(data);
    const section = page.slice(page.indexOf('<h2 id="unknown">'), page.indexOf('<h2 id="mistakes">'));
    expect([...section.matchAll(/<span class="path"><bdi>([^<]*)/g)].map(([, path]) => path)).to.deep.equal([
      'B/7.jpg',
      'A/9.jpg',
      'B/8.jpg',
    ]);
    expect(section.match(/BBBB.*CCCC.*DDDD/s)).not.to.equal(null);
    expect(textOf(page)).to.contain('B , nearest A no grain 50.0% sure B/7.jpg');
    const many = Array.from({length: 40}, () => evaluation.unknowns[0]);
    expect(shownUnknowns({unknowns: [...many, evaluation.unknowns[1]]})).to.have.length(13);
  });

  it('leads from each cell with mistakes to their pictures, one after the other', () => {
    const [first] = evaluation.mistakes;
    const mistakes = [first, {...first, label: 'A', predicted: 'B'}, first, first];
    const page = renderPage({
      ...data,
      evaluation: {...evaluation, mistakes},
      pictures: data.pictures.concat(data.pictures, data.pictures),
    });
    expect(page).to.match(/<td class="miss1"><a href="#mistake-1">1<\/a>/);
    expect([...page.matchAll(/class="next" href="#([^"]*)"/g)].map(([, id]) => id)).to.deep.equal(['mistake-3']);
  });

  it('names model and data in its title, so that two reports can be told apart', () => {
    expect(/<title>(.*)<\/title>/.exec(renderPage(data))![1]).to.equal(
      '99.92% right: rice 1.0.0 (abababab) on rice, test part',
    );
  });

  it('draws bars that tell 95 % from 100 %, and says where they begin', () => {
    const widths = (start: number, ...shares: number[]) =>
      shares.map((share) => Number(/class="good" width="([\d.]+)"/.exec(bar(share, start).text)![1]));
    expect(barStart([0.96, 1, null])).to.equal(0.95);
    expect(widths(0.95, 0.96, 1)).to.deep.equal([20, 100]);
    expect([barStart([1, 1]), barStart([null]), barStart([0.3, 1]), barStart([0.95, 1])]).to.deep.equal([0, 0, 0, 0.9]);
    expect(textOf(renderPage(data))).to.contain('the harmonic mean of both. The bars go from 95% to 100%.');
  });

  it('names no worst variety where all are as good', () => {
    const alike = {...robustness[0], perClass: {A: {recall: 1}, B: {recall: 1}}, worst: {label: 'A', recall: 1}};
    const text = textOf(renderPage({...data, robustness: [robustness[0], alike]}));
    expect(text).to.contain('5.0% B 50.00%').and.to.contain('5.0% all alike').and.not.to.contain('A 100.00%');
  });

  it('counts further mistakes, and mentions missing mistakes and pictures', () => {
    const mistakes = Array.from({length: 5}, () => evaluation.mistakes[0]);
    const many = textOf(renderPage({...data, evaluation: {...evaluation, mistakes}, pictures: [undefined, undefined]}));
    expect(many).to.contain('And 3 less confident ones').and.to.contain('The picture no longer exists.');
    const none = renderPage({...data, evaluation: {...evaluation, mistakes: []}, pictures: []});
    expect(textOf(none)).to.contain('The mistakes There are none.');
  });

  describe('with hostile names', () => {
    const page = renderPage({
      ...data,
      evaluation: {
        ...evaluation,
        model: {...evaluation.model, name: EVIL, version: EVIL},
        perClass: {[EVIL]: evaluation.perClass.A, [TRICKY]: evaluation.perClass.B},
        confusion: {...evaluation.confusion, labels: [EVIL, TRICKY]},
        mistakes: [{path: `${EVIL}/${TRICKY}`, label: EVIL, predicted: TRICKY, confidence: 1}],
        unknowns: evaluation.unknowns.map((each) => ({...each, path: EVIL, label: EVIL, predicted: TRICKY})),
        errors: [{path: EVIL, code: 'IMAGE_EMPTY', message: EVIL}],
      },
      history: {
        network: EVIL,
        parameters: 1,
        date: EVIL,
        split: {seed: 1},
        dataset: {digest: EVIL, images: 1},
      },
      folder: EVIL,
      command: EVIL,
      device: EVIL,
      version: EVIL,
      part: EVIL,
      robustness: [{...robustness[0], worst: {label: EVIL, recall: 0}}],
    });

    it('has no injected elements', () => {
      const elements = new Set([...page.matchAll(/<([a-z0-9]+)/gi)].map(([, name]) => name.toLowerCase()));
      expect([...elements]).not.to.include.members(['script']);
      expect(page.match(/<img /g)).to.have.length(4);
      expect(page.match(/<\/style>/g)).to.have.length(1);
      expect(page.match(/<\/title>/g)?.length).to.equal(page.match(/<title>/g)?.length);
      // Inside tags, names occur only in quoted attributes, in which their own quotes are escaped.
      for (const [tag] of page.matchAll(/<[a-z][^>]*>/gi))
        expect(tag.replaceAll(/"[^"]*"/g, ''), tag).not.to.match(/["'`]|onerror|alert/);
    });

    it('escapes invisible characters and those that change the writing direction', () => {
      expect(page).to.contain('a\\u{202e}gpj.exe\\u{a}\\u{7}');
      for (const character of ['\u202e', '\u0007']) expect(page).not.to.contain(character);
    });
  });

  it('contains no URLs, loads nothing and runs nothing', () => {
    const page = renderPage({...data, robustness});
    expect(page).not.to.match(/https?:|\/\/[a-z]|url\(|@import|<script|<link|<iframe| on[a-z]+=/i);
    for (const [, target] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(target).to.match(/^(#|data:image\/)/);
    expect(page.match(/ style=/)).to.equal(null);
    const hash = createHash('sha256').update(STYLE).digest('base64');
    expect(page).to.contain(
      `content="default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).to.contain(`<style>${STYLE}</style>`);
  });

  it('has enough contrast in light and dark mode and in print', () => {
    const blocks = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => {
      const colors = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6})\b/g)];
      return Object.fromEntries(colors.map(([, name, color]) => [name, luminance(color)]));
    });
    // Light, dark and print: what all reports share, then what this one adds.
    expect(blocks).to.have.length(6);
    const schemes = [0, 1, 2].map((i) => ({...blocks[i], ...blocks[i + 3]}));
    for (const scheme of schemes) {
      const cells = Object.keys(scheme).filter((name) => /^(hit|miss)\d$/.test(name));
      expect(cells).to.have.length(12);
      for (const [ink, backgrounds] of [
        ['ink', ['paper', 'card', ...cells]],
        ['quiet', ['paper', 'card']],
        ['link', ['paper']],
        ['good-ink', ['paper']],
        ['bad-ink', ['paper', 'card']],
      ] as const)
        for (const background of backgrounds)
          expect(contrast(scheme[ink], scheme[background]), `${ink} on ${background}`).to.be.at.least(4.5);
      for (const mark of ['good', 'fair', 'bad']) expect(contrast(scheme[mark], scheme.paper), mark).to.be.at.least(3);
    }
  });
});

/** The text of a page, with single spaces. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  const plain = body
    .replaceAll(/<caption>.*?<\/caption>/g, '')
    .replaceAll(/<\/?(bdi|code|time|strong|small|span|b)\b[^>]*>/g, (tag) => (/small|span/.test(tag) ? ' ' : ''));
  return plain
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** Relative luminance as defined by WCAG 2. */
function luminance(color: string): number {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.slice(1).match(/../g)!;
  const [red, green, blue] = digits.map((pair) => {
    const level = Number.parseInt(pair, 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
