import {shellWords} from '../../common/shell-words.ts';
import type {CardFacts} from './facts.ts';
import {fence} from './markdown.ts';

/** How the model is used: with rice on the command line and as a library, and with any ONNX Runtime. */
export function usageSection({file, metadata: {input}}: CardFacts): string {
  const model = JSON.stringify(file.name);
  const whole = input.resize === 'whole-picture';
  const preparing = whole ? ', {wholeFrame: true}' : '';
  return `## How to use it

On the command line, with Node:

${fence('sh', `npm install --global rice-grain\nrice predict grain.jpg --model ${shellWords([file.name])}`)}

As a library, after \`npm install rice-grain\`:

${fence(
  'js',
  `import {readFile} from 'node:fs/promises';
import {Classifier} from 'rice-grain';

const classifier = await Classifier.load({model: ${model}});
const [answer] = await classifier.classify([await readFile('grain.jpg')]);
console.log(answer.label, answer.confidence, answer.known);
await classifier.release();`,
)}

With any ONNX Runtime. What the network sees is not the picture but a window of ${input.width} x ${input.height} pixels, ${
    whole ? 'into which the whole picture is fitted' : 'in which the grain lies on black, its long axis horizontal'
  }. The library prepares it; how matters as much as the network:

${fence(
  'js',
  `import {readFile, writeFile} from 'node:fs/promises';
import {prepareImage} from 'rice-grain';

const {window} = await prepareImage(await readFile('grain.jpg'), {width: ${input.width}, height: ${input.height}}${preparing});
await writeFile('grain.rgb', window);`,
)}

Scaling, normalization and softmax are in the graph, so the window goes in as it is, as uint8:

${fence(
  'python',
  `import json

import numpy as np
import onnxruntime as ort

session = ort.InferenceSession(${model})
labels = json.loads(session.get_modelmeta().custom_metadata_map["rice"])["labels"]
window = np.fromfile("grain.rgb", np.uint8).reshape(1, ${input.height}, ${input.width}, 3)
(probabilities,) = session.run(["probabilities"], {"image": window})
print(labels[probabilities[0].argmax()], probabilities[0].max())`,
)}`;
}
