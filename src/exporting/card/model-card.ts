import {writeAtomically} from '../../common/files/atomic-file.ts';
import {type CardFacts, readFacts} from './facts.ts';
import {exportSections, fileSection} from './file-section.ts';
import {frontMatter, type Publication} from './front-matter.ts';
import {graphSection} from './graph-section.ts';
import {limitsSection} from './limits.ts';
import {text} from './markdown.ts';
import {resultsSection} from './results-section.ts';
import {dataSection, trainingSection} from './training-section.ts';
import {usageSection} from './usage.ts';

export interface CardOptions extends Publication {
  /** A model that rice wrote: a file, the folder or name of a run, `last` or `best` (see `modelPath`). */
  model: string;
  /** The run that the model is of; by default the folder that the model lies in, where it is one. */
  run?: string;
}

/**
 * The card of a model, for people and for Hugging Face (`README.md`): what it does, how to use it, its limits, what it was
 * trained on, and what was measured, all from the model file and from the run that it lies in.
 *
 * @throws RiceError as `readFacts`
 */
export function modelCard({model, run, ...publication}: CardOptions): string {
  const facts = readFacts(model, run);
  const sections = [
    introduction(facts, publication),
    usageSection(facts),
    graphSection(facts),
    limitsSection(facts),
    resultsSection(facts),
    dataSection(facts),
    trainingSection(facts),
    ...exportSections(facts),
    fileSection(facts),
  ];
  return `${frontMatter(facts, publication)}\n${sections.join('\n\n')}\n`;
}

/**
 * Writes the card of a model, replacing an earlier one.
 *
 * @param path usually `README.md` in the folder that is published
 * @throws RiceError as `modelCard`; PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND
 */
export function writeCard(path: string, options: CardOptions): void {
  writeAtomically(path, modelCard(options));
}

function introduction({metadata: {name, version, labels, input}}: CardFacts, {license}: Publication): string {
  const shown = input.resize === 'aligned-grain' ? 'a picture of one grain' : 'a picture';
  return `# ${text(name)} ${text(version)}

Tells which of ${labels.length} labels ${shown} shows: ${labels.map(text).join(', ')}. A plain ONNX file that any ONNX Runtime runs, made by
[rice](https://www.npmjs.com/package/rice-grain). ${license === undefined ? 'Its owner names no license.' : `License: ${text(license)}.`}`;
}
