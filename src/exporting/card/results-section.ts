import {count, percent} from '../../common/report/figures.ts';
import type {Measured} from '../../evaluation/evaluate.ts';
import type {CardFacts, PartResult} from './facts.ts';
import {table, text} from './markdown.ts';

/** How often it is right, with intervals, and what it takes for what. */
export function resultsSection({results, test, exported, metadata}: CardFacts): string {
  const folds = metadata.training.epochs === 0;
  const paragraphs = [
    table(
      [
        {title: 'part'},
        {title: 'pictures', right: true},
        {title: 'right', right: true},
        {title: '95 % interval', right: true},
        {title: 'what it was used for'},
      ],
      results.map((result) => [
        folds ? 'folds' : result.split,
        count(result.images),
        percent(result.accuracy, 3),
        `${percent(result.interval.low)} to ${percent(result.interval.high)}`,
        folds ? 'nothing: each was left out of the model that named it' : useOf(result),
      ]),
    ),
    ...(exported === undefined
      ? []
      : ['Measured with the model that the file was made of; how far the answers differ is said below.']),
    ...(test ? [detailsOf(test), confusionTable(test)] : []),
  ];
  return `## Results\n\n${paragraphs.join('\n\n')}`;
}

function useOf({split}: PartResult): string {
  return split === 'test' ? 'nothing' : 'the best epoch was chosen by it, so it flatters';
}

function detailsOf({images, mistakes, unknown, calibration}: Measured): string {
  return `Of the test part ${count(mistakes.length)} of ${count(images)} were named wrongly and ${count(unknown)} answered "unknown"; the expected calibration error is ${percent(calibration.ece)}.`;
}

function confusionTable({confusion: {labels, matrix}, perClass}: Measured): string {
  const right = labels.map((label) => ({title: text(label), right: true}));
  return table(
    [{title: 'true \\ predicted'}, ...right, {title: 'recall', right: true}, {title: 'precision', right: true}],
    labels.map((label, row) => [
      text(label),
      ...matrix[row].map(count),
      percent(perClass[label]?.recall ?? null),
      percent(perClass[label]?.precision ?? null),
    ]),
  );
}
