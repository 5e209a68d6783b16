import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {parseDescription} from '../../../src/model/external/parse-description.ts';
import {type Described, describeValues, type Signature, signatureOf} from '../../../src/model/external/signature.ts';
import {description} from './models.ts';

type Shape = (number | string)[];

function value(name: string, shape: Shape, type = 'float32'): Described['inputMetadata'][number] {
  return {name, isTensor: true, type: type as 'float32', shape};
}

function session(input: Shape, output: Shape = ['N', 3]): Described {
  return {inputMetadata: [value('x', input)], outputMetadata: [value('y', output)]};
}

function check(described: Described, changes: object = {}): Signature {
  const text = JSON.stringify(description(changes));
  return signatureOf(described, parseDescription(text, 'm.json', 'm.onnx'), 'm.onnx');
}

function refusal(described: Described, changes?: object): string {
  try {
    check(described, changes);
  } catch (error) {
    if (error instanceof RiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('model: signature', () => {
  const withInput = (more: object) => ({input: {width: 8, height: 6, ...more}});

  it('derives layout and batch size from the shape', () => {
    expect(check(session(['N', 3, 6, 8]))).to.deep.equal({input: 'x', output: 'y', layout: 'nchw', batch: undefined});
    expect(check(session([1, 6, 8, 3]))).to.deep.equal({input: 'x', output: 'y', layout: 'nhwc', batch: 1});
    expect(check(session(['', 3, '', '']))).to.include({layout: 'nchw', batch: undefined});
    expect(check(session([-1, 'h', 'w', 3]))).to.include({layout: 'nhwc', batch: undefined});
    expect(check(session([4, 3, 6, 8], [4, 3]))).to.include({batch: 4});
  });

  it('requires the layout if the shape is ambiguous', () => {
    for (const shape of [[], ['a', 'b', 'c', 'd'], ['N', 3, 'h', 3]] as Shape[]) {
      expect(refusal(session(shape))).to.match(/^MODEL_DESCRIPTION: m\.json: input\.layout is missing, and cannot be/);
      expect(check(session(shape.length === 4 ? ['a', 'b', 'c', 'd'] : []), withInput({layout: 'nhwc'}))).to.include({
        layout: 'nhwc',
      });
    }
    expect(check(session(['N', 3, 6, 3], ['N', 3]), {input: {width: 3, height: 6, layout: 'nchw'}}).layout).to.equal(
      'nchw',
    );
  });

  const refused: [string, Described, string, object?][] = [
    [
      'several inputs',
      {inputMetadata: [value('a', [1, 3, 6, 8]), value('b', [1])], outputMetadata: [value('y', [1, 3])]},
      'MODEL_INVALID: m.onnx cannot be used: it must have one input, not 2. It has input "a" float32 [1, 3, 6, 8], ' +
        'input "b" float32 [1], output "y" float32 [1, 3]',
    ],
    [
      'several outputs',
      {inputMetadata: [value('x', [1, 3, 6, 8])], outputMetadata: [value('boxes', [1, 4]), value('scores', [1, 3])]},
      'it must have one output, not 2',
    ],
    ['a detector', session([1, 3, 6, 8], [1, 84, 8400]), '"y" must be float32 [N, labels]; detectors'],
    ['a feature map', session([1, 3, 6, 8], [1, 3, 1, 1]), 'MODEL_INVALID'],
    ['an audio model', session([1, 16_000]), '"x" must be a batch of pictures, float32 of rank 4'],
    [
      'levels as input',
      {inputMetadata: [value('x', ['N', 6, 8, 3], 'uint8')], outputMetadata: [value('y', ['N', 3])]},
      'float32 of rank 4. It has input "x" uint8 [N, 6, 8, 3]',
    ],
    [
      'half precision',
      {inputMetadata: [value('x', ['N', 3, 6, 8])], outputMetadata: [value('y', ['N', 3], 'float16')]},
      '"y" must be float32',
    ],
    [
      'an output that is not a tensor',
      {inputMetadata: [{name: 's', isTensor: false}], outputMetadata: [value('y', ['N', 3])]},
      '"s" (not a tensor)',
    ],
    [
      'grey pictures',
      session(['N', 1, 6, 8]),
      'MODEL_INVALID: the input of m.onnx is not a picture of three channels: [N, 1, 6, 8]',
    ],
    [
      'another size',
      session(['N', 3, 8, 6]),
      'MODEL_DESCRIPTION: m.json says width 8, height 6, nchw, which is [N, 3, 6, 8]; the input of m.onnx is [N, 3, 8, 6]',
    ],
    ['another layout', session(['N', 3, 6, 8]), 'nhwc, which is [N, 6, 8, 3]', withInput({layout: 'nhwc'})],
    [
      'too few labels',
      session(['N', 3, 6, 8], ['N', 4]),
      'MODEL_DESCRIPTION: m.json has 3 labels, but m.onnx has 4 outputs',
    ],
  ];
  for (const [what, described, message, changes] of refused) {
    it(`rejects ${what}`, () => expect(refusal(described, changes)).to.include(message));
  }

  it('lists inputs and outputs, also those with unnamed dimensions', () => {
    expect(describeValues(session(['', 3, 'h', 8], []))).to.equal(
      'input "x" float32 [?, 3, h, 8], output "y" float32 (shape not known)',
    );
  });
});
