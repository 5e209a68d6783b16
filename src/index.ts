/** `rice` as a library: `import {Classifier} from 'rice-grain'`. */
export {type ErrorCode, RiceError, type RiceErrorOptions} from './common/errors.ts';
export {Explainer, type ExplainerOptions, type ExplainOptions} from './explanation/explainer.ts';
export {drawExplanation, type ShownAnswer} from './explanation/picture/draw-explanation.ts';
export type {Explanation, Method as ExplanationMethod, ScoreParts} from './explanation/types.ts';
export {
  type DecodeOptions,
  type GrainMeasurements,
  type PreparedImage,
  prepareImage,
  type WindowSize,
} from './image/prepare.ts';
export {
  Classifier,
  type ClassifierOptions,
  type Device,
  type DeviceChoice,
  type Prediction,
  type Trust,
} from './model/classifier.ts';
export type {MeasuredAccuracy, ModelMetadata, Resize, RiceMetadata, TrainingRecord} from './model/metadata.ts';
export type {ModelOutputs, ScoreName} from './model/outputs.ts';
export type {Reason, Thresholds} from './model/rejection.ts';
export type {Correction, Corrections} from './scanning/corrections.ts';
export type {ScaleRequest} from './scanning/scale/types.ts';
export {Scanner, type ScanOptions} from './scanning/scanner.ts';
export type {
  Grade,
  PictureObject,
  Scale,
  ScannedGrain,
  ScannedPicture,
  ScanSummary,
  Share,
} from './scanning/types.ts';
