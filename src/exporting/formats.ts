import {writeHalf} from './half/write-half.ts';
import {writeInt8} from './int8/write-int8.ts';
import type {ExportFormat} from './types.ts';
import {exportWeb} from './web/export-web.ts';
import {writeWeights} from './weights/write-weights.ts';
import {writeOnnx} from './write-onnx.ts';

/** What a model can be exported as. */
export const FORMATS = {
  onnx: {summary: 'the model file itself, checked', extension: '.onnx', write: writeOnnx},
  'onnx-fp16': {
    summary: 'weights of half the size, nearly the same answers',
    extension: '.fp16.onnx',
    write: writeHalf,
  },
  'onnx-int8': {
    summary: 'weights of a quarter of the size, faster on CPUs, measured on pictures',
    extension: '.int8.onnx',
    write: writeInt8,
  },
  safetensors: {
    summary: 'the weights of a run by name, for PyTorch',
    extension: '.safetensors',
    isModel: false,
    write: writeWeights,
  },
  web: {
    summary: 'a folder for any web server, whose page names grains in a browser, on a phone too, without a network',
    extension: '-web',
    isFolder: true,
    isModel: false,
    write: exportWeb,
  },
} satisfies Record<string, ExportFormat>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
