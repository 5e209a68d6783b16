import {Ajv2020} from 'ajv/dist/2020.js';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {parseDescription} from '../../../src/model/external/parse-description.ts';
import {readSchema} from '../../cli/schema.ts';
import {description, LABELS} from './models.ts';

const matchesSchema = new Ajv2020({allErrors: true, strict: true, strictRequired: false}).compile(readSchema('model'));

const parse = (document: unknown) => parseDescription(JSON.stringify(document), 'a/m.json', 'a/m.onnx');

function refusal(document: unknown): RiceError {
  try {
    parse(document);
  } catch (error) {
    if (error instanceof RiceError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('model: description', () => {
  it('has a default for every key where a wrong guess does no harm', () => {
    expect(parse(description())).to.deep.equal({
      path: 'a/m.json',
      name: 'm',
      version: '0.0.0',
      labels: LABELS,
      format: {
        width: 8,
        height: 6,
        layout: undefined,
        channels: 'rgb',
        range: 1,
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
      resize: 'stretch',
      fitting: {cropPct: 1, fill: [0, 0, 0], interpolation: 'bilinear'},
      output: 'logits',
      temperature: 1,
      unknown: {confidence: 0},
    });
  });

  it('accepts every key of the schema', () => {
    const document = {
      $schema: 'x',
      name: 'n',
      version: '2',
      labels: ['a', 'b'],
      input: {width: 9, height: 7, layout: 'nhwc', channels: 'bgr', range: 255},
      mean: [1, 2, 3],
      std: 4,
      resize: 'crop',
      cropPct: 0.5,
      interpolation: 'bicubic',
      output: 'probabilities',
      temperature: 2,
      unknown: {confidence: 0.5},
    };
    expect(matchesSchema(document)).to.equal(true);
    expect(parse(document)).to.deep.equal({
      path: 'a/m.json',
      name: 'n',
      version: '2',
      labels: ['a', 'b'],
      format: {...document.input, mean: [1, 2, 3], std: [4, 4, 4]},
      resize: 'crop',
      fitting: {cropPct: 0.5, fill: [0, 0, 0], interpolation: 'bicubic'},
      output: 'probabilities',
      temperature: 2,
      unknown: {confidence: 0.5},
    });
  });

  const sound: [string, object][] = [
    ['a black letterbox', {resize: 'letterbox'}],
    ['a grey letterbox', {resize: 'letterbox', fill: 114}],
    ['a colored letterbox', {resize: 'letterbox', fill: [1, 2, 255]}],
    ["rice's own preparation", {resize: 'aligned-grain'}],
    ['a negative mean', {mean: [-1, 0, 1]}],
    ['an empty unknown', {unknown: {}}],
  ];
  for (const [what, changes] of sound) {
    it(`accepts ${what}, as the schema does`, () => {
      expect(matchesSchema(description(changes)), JSON.stringify(matchesSchema.errors)).to.equal(true);
      expect(parse(description(changes)).labels).to.deep.equal(LABELS);
    });
  }

  const size = {width: 8, height: 6};
  const wrong: [string, unknown, string][] = [
    ['no object', [1], 'it must be an object, not [1]'],
    ['null', null, 'it must be an object, not null'],
    ['no labels', description({labels: undefined}), 'labels is missing: an array of two or more different names'],
    ['labels by number', description({labels: {0: 'a', 1: 'b'}}), 'labels must be an array of two or more different'],
    ['one label', description({labels: ['a']}), 'labels must be an array of two or more different names, not ["a"]'],
    ['labels that are numbers', description({labels: [1, 2]}), 'labels must be an array'],
    ['a label twice', description({labels: ['a', 'b', 'a']}), 'labels has "a" twice'],
    ['no input', description({input: undefined}), 'input is missing: an object'],
    ['an input that is not an object', description({input: [3, 224, 224]}), 'input must be an object, not [3,224,224]'],
    ['no height', description({input: {width: 8}}), 'input.height is missing: a whole number from 1 up to 4096'],
    ['a fractional width', description({input: {...size, width: 8.5}}), 'input.width must be a whole number'],
    ['a width in words', description({input: {...size, width: '8'}}), 'input.width must be a whole number'],
    ['a height above the limit', description({input: {...size, height: 5000}}), 'from 1 up to 4096, not 5000'],
    ['an unknown layout', description({input: {...size, layout: 'chw'}}), 'layout must be one of "nchw", "nhwc"'],
    ['a layout of null', description({input: {...size, layout: null}}), 'input.layout must be one of'],
    ['an unknown order', description({input: {...size, channels: 'gbr'}}), 'channels must be one of "rgb", "bgr"'],
    ['another range', description({input: {...size, range: 2}}), 'input.range must be one of 1, 255, not 2'],
    ['two means', description({mean: [1, 2]}), 'mean must be a number, or three of them, not [1,2]'],
    ['a std of 0', description({std: [1, 0, 1]}), 'std must be a number above 0, or three of them'],
    ['no resize', description({resize: undefined}), 'resize is missing: one of "stretch", "crop", "letterbox"'],
    ['an unknown resize', description({resize: 'squash'}), 'resize must be one of "stretch"'],
    ['a cropPct in percent', description({resize: 'crop', cropPct: 87.5}), 'cropPct must be a number above 0 up to 1'],
    ['a cropPct of 0', description({resize: 'crop', cropPct: 0}), 'cropPct must be a number above 0 up to 1, not 0'],
    ['an unused cropPct', description({cropPct: 0.9}), 'cropPct has no effect with resize "stretch", only with "crop"'],
    ['an unused fill', description({fill: 3}), 'fill has no effect with resize "stretch", only with "letterbox"'],
    [
      'a fill beyond 255',
      description({resize: 'letterbox', fill: 256}),
      'fill must be a whole number from 0 up to 255',
    ],
    [
      'an unknown filter',
      description({interpolation: 'lanczos'}),
      'interpolation must be one of "bilinear", "bicubic"',
    ],
    [
      'a filter without effect',
      description({resize: 'aligned-grain', interpolation: 'bicubic'}),
      'interpolation has no effect with resize "aligned-grain"',
    ],
    ['no output', description({output: undefined}), 'output is missing: one of "logits", "probabilities"'],
    ['a temperature of 0', description({temperature: 0}), 'temperature must be a number above 0, not 0'],
    ['a threshold beyond 1', description({unknown: {confidence: 90}}), 'unknown.confidence must be a number from 0'],
    ['an empty name', description({name: ''}), 'name must be a text, not ""'],
    ['a version that is a number', description({version: 2}), 'version must be a text, not 2'],
  ];
  for (const [what, document, message] of wrong) {
    it(`rejects ${what}, as the schema does`, () => {
      const error = refusal(document);
      expect(error.code).to.equal('MODEL_DESCRIPTION');
      expect(error.message)
        .to.match(/^a\/m\.json: /)
        .and.include(message);
      expect(matchesSchema(JSON.parse(JSON.stringify(document))), 'schema').to.equal(false);
    });
  }

  const misspelled: [object, string, string][] = [
    [{crop_pct: 0.9}, 'unknown key crop_pct', 'Did you mean cropPct?'],
    [{Std: 1}, 'unknown key Std', 'Did you mean std?'],
    [{input: {...size, channel: 'rgb'}}, 'unknown key input.channel', 'Did you mean input.channels?'],
    [{unknown: {confidense: 1}}, 'unknown key unknown.confidense', 'Did you mean unknown.confidence?'],
    [{zebra: 1}, 'unknown key zebra', 'Known here: $schema, name, version, labels, input'],
    [JSON.parse('{"__proto__": {"labels": []}}'), 'unknown key __proto__', 'Known here'],
  ];
  for (const [changes, message, suggestion] of misspelled) {
    it(`names the nearest key: ${message}`, () => {
      const document = Object.assign(description(), changes);
      if (Object.hasOwn(changes, '__proto__'))
        Object.defineProperty(document, '__proto__', {value: 1, enumerable: true});
      const {message: told, suggestions} = refusal(document);
      expect(told).to.include(message);
      expect(suggestions.join(' ')).to.include(suggestion);
      expect(matchesSchema(document)).to.equal(false);
    });
  }

  it('suggests the nearest value', () => {
    expect(refusal(description({interpolation: 'bicubik'})).suggestions).to.deep.equal(['Did you mean "bicubic"?']);
  });

  it('rejects text that is not JSON, and accepts a byte order mark', () => {
    expect(() => parseDescription('{"labels": [', 'm.json', 'm.onnx')).to.throw(RiceError, /^m\.json is not JSON: /);
    expect(() => parseDescription('{"std": NaN}', 'm.json', 'm.onnx')).to.throw(RiceError, /is not JSON/);
    expect(() => parseDescription('{"std": 1e999}', 'm.json', 'm.onnx')).to.throw(RiceError, /m\.json/);
    const marked = `\uFEFF${JSON.stringify(description())}`;
    expect(parseDescription(marked, 'm.json', 'm.onnx').labels).to.deep.equal(LABELS);
  });
});
