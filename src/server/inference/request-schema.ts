import {ENCODED_INPUT, WINDOW_INPUT} from './protocol.ts';

const TEXT = {type: 'string'};

/** The JSON of an inference, as the description of the API has it; `readInference` checks more than a schema can say. */
export const INFERENCE_REQUEST = {
  type: 'object',
  properties: {
    id: TEXT,
    parameters: {type: 'object'},
    inputs: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: {
        type: 'object',
        properties: {
          name: {enum: [ENCODED_INPUT, WINDOW_INPUT]},
          datatype: {enum: ['BYTES', 'UINT8']},
          shape: {type: 'array', items: {type: 'integer', minimum: 1}},
          data: {type: 'array'},
          parameters: {type: 'object'},
        },
        required: ['name', 'datatype', 'shape'],
      },
    },
    outputs: {type: 'array', items: {type: 'object', properties: {name: TEXT}, required: ['name']}},
  },
  required: ['inputs'],
};
