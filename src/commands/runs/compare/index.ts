import {BaseCommand} from '../../../cli/base-command.ts';
import {columnsOf} from '../../../cli/fit.ts';
import {pathFlag} from '../../../cli/flags.ts';
import {printable} from '../../../cli/printable.ts';
import {RiceError} from '../../../common/errors.ts';
import {checkWritable} from '../../../common/files/atomic-file.ts';
import {compareRuns} from '../../../runs/compare/compare-runs.ts';
import {writeComparison} from '../../../runs/compare/write-comparison.ts';
import {findRun} from '../../../runs/find-run.ts';
import {readRun} from '../../../runs/read-run.ts';
import {runNames, runsFlag} from '../run-names.ts';
import {renderComparisonText} from '../view/comparison-text.ts';

export default class RunsCompare extends BaseCommand<typeof RunsCompare> {
  static override summary = 'compare training runs: settings, figures, and whether the difference is more than chance';
  static override description =
    `Shows the settings that differ, the figures side by side, and for each pair of runs whether one is better by more than chance: by McNemar's exact test on the test pictures that both were tested with, corrected for the number of pairs.
Runs are paired picture by picture, by content. Where they were tested with different pictures, only those that both have count, and it says so.
--html writes all of it as one page, with the curves and the pictures that they disagree on.`;
  static override examples = [
    {description: 'Two runs of the folder runs', command: '<%= config.bin %> runs compare grain4-1 grain4-2'},
    {
      description: 'As a page with curves and pictures',
      command: '<%= config.bin %> runs compare grain4-1 grain4-2 --html comparison.html',
    },
  ];

  static override args = {names: runNames};

  static override flags = {
    runs: runsFlag,
    html: pathFlag({description: 'write a page: one file that needs no network', helpValue: 'FILE.html'}),
  };

  async run() {
    const {html, runs} = this.flags;
    const folders = [...new Set(this.args.names.map((name) => findRun(name, runs)))];
    if (folders.length < 2)
      throw new RiceError('USAGE', 'there are no two runs to compare', {
        suggestions: ['Name two or more: rice runs lists them.'],
      });
    if (html !== undefined) checkWritable(html);
    const comparison = compareRuns(folders.map(readRun));
    if (html !== undefined) await writeComparison(html, comparison, new Date().toISOString());
    const {summaries, settings, tests, untested, notes} = comparison;
    this.log(renderComparisonText(comparison, {style: this.style, columns: columnsOf(this.output.stream)}));
    if (html !== undefined) this.log(`\nCurves and pictures: ${printable(html)}`);
    return {
      runs: summaries,
      settings: settings.map(({name, values}) => ({name, values: values.map((value) => value ?? null)})),
      tests,
      untested,
      notes,
      html: html ?? null,
    };
  }
}
