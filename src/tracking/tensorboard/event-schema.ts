/** The messages of an event file (tensorflow/core/util/event.proto, framework/summary.proto, plugins/hparams/plugin_data.proto). */
import type {MessageType} from '../../onnx/protobuf.ts';

const IMAGE: MessageType = () => ({
  height: {number: 1, kind: 'int64'},
  width: {number: 2, kind: 'int64'},
  colorspace: {number: 3, kind: 'int64'},
  encoded: {number: 4, kind: 'bytes'},
});

const HISTOGRAM: MessageType = () => ({
  min: {number: 1, kind: 'double'},
  max: {number: 2, kind: 'double'},
  num: {number: 3, kind: 'double'},
  sum: {number: 4, kind: 'double'},
  sumSquares: {number: 5, kind: 'double'},
  limits: {number: 6, kind: 'double', repeated: true},
  counts: {number: 7, kind: 'double', repeated: true},
});

const PLUGIN: MessageType = () => ({name: {number: 1, kind: 'string'}, content: {number: 2, kind: 'bytes'}});
const METADATA: MessageType = () => ({plugin: {number: 1, kind: PLUGIN}});

const VALUE: MessageType = () => ({
  tag: {number: 1, kind: 'string'},
  number: {number: 2, kind: 'float'},
  image: {number: 4, kind: IMAGE},
  histogram: {number: 5, kind: HISTOGRAM},
  metadata: {number: 9, kind: METADATA},
});

const SUMMARY: MessageType = () => ({values: {number: 1, kind: VALUE, repeated: true}});

export const EVENT: MessageType = () => ({
  wallTime: {number: 1, kind: 'double'},
  step: {number: 2, kind: 'int64'},
  fileVersion: {number: 3, kind: 'string'},
  summary: {number: 5, kind: SUMMARY},
});

/** google.protobuf.Value. */
const ANY: MessageType = () => ({
  number: {number: 2, kind: 'double'},
  text: {number: 3, kind: 'string'},
  truth: {number: 4, kind: 'int64'},
});

const NAMED: MessageType = () => ({name: {number: 1, kind: 'string'}});
const METRIC_NAME: MessageType = () => ({tag: {number: 2, kind: 'string'}});
const METRIC: MessageType = () => ({name: {number: 1, kind: METRIC_NAME}});
const EXPERIMENT: MessageType = () => ({
  hparams: {number: 4, kind: NAMED, repeated: true},
  metrics: {number: 5, kind: METRIC, repeated: true},
});
/** An entry of a map. */
const ENTRY: MessageType = () => ({key: {number: 1, kind: 'string'}, value: {number: 2, kind: ANY}});
const SESSION_START: MessageType = () => ({
  hparams: {number: 1, kind: ENTRY, repeated: true},
  startTime: {number: 5, kind: 'double'},
});
const SESSION_END: MessageType = () => ({
  status: {number: 1, kind: 'int64'},
  endTime: {number: 2, kind: 'double'},
});

/** What the plugin `hparams` keeps in the metadata of values without a number. */
export const HPARAMS: MessageType = () => ({
  version: {number: 1, kind: 'int64'},
  experiment: {number: 2, kind: EXPERIMENT},
  start: {number: 3, kind: SESSION_START},
  end: {number: 4, kind: SESSION_END},
});
