import {basename, join, resolve} from 'node:path';
import {Args, Flags} from '@oclif/core';
import {applyCorrections, undoCorrections} from '../../auditing/apply/apply-corrections.ts';
import {type Audited, auditDataset} from '../../auditing/audit.ts';
import type {Audit} from '../../auditing/findings/types.ts';
import {collectPage} from '../../auditing/page/collect.ts';
import {renderAuditPage} from '../../auditing/page/page.ts';
import {METHODS, type Method} from '../../auditing/probabilities/types.ts';
import {BaseCommand} from '../../cli/base-command.ts';
import {checkOutput} from '../../cli/check-output.ts';
import {checkReport} from '../../cli/check-report.ts';
import {EXIT} from '../../cli/exit-codes.ts';
import {columnsOf} from '../../cli/fit.ts';
import {
  classifierOptions,
  correctionsFlag,
  integerFlag,
  labelsFromFlag,
  pathFlag,
  sharedFlags,
} from '../../cli/flags.ts';
import {Remedies} from '../../cli/remedies.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {packageVersion} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import {readCorrections} from '../../dataset/corrections/read-corrections.ts';
import {auditCsv, draftCorrections} from './csv.ts';
import {renderMoved} from './moved.ts';
import {renderAudit} from './report.ts';
import {AuditView} from './view.ts';

/** Where audits are kept, beside `runs`. */
const AUDITS_FOLDER = 'audits';
/** What `--apply` moved, in the folder of the audit. */
const MOVES_LOG = 'moves.ndjson';
const DEFAULT_FOLDS = 5;
const {trust: _, ...modelFlags} = sharedFlags;

export default class AuditCommand extends BaseCommand<typeof AuditCommand> {
  static override summary = 'find wrong labels, copies and bad pictures in a folder of labeled pictures';
  static override description =
    `Reads DIR with one subfolder of pictures per label, and names what somebody should look at: labels that are probably wrong, exact copies and other pictures of the same grain, pictures without a grain, with several, blurred or of an unusual size, and files that cannot be read.
Whether a label is wrong is judged by a classifier that has not seen the picture: the pictures are divided into --folds parts by content, and each part is judged by what was learned from the others (confident learning). --method head, the default, learns from the features of a model, in seconds; --method network trains a network for each part, in minutes; --method model takes the answers of --model as they are. A model that was trained on these very pictures has learned their wrong labels.
DIR is not changed. --corrections applies what was corrected before; with --apply, it moves the files instead, and --undo moves them back.`;
  static override examples = [
    {description: 'Every label, picture and copy', command: '<%= config.bin %> audit dataset'},
    {
      description: 'Without trusting the features of any model, slower',
      command: '<%= config.bin %> audit dataset --method network --folds 5',
    },
    {
      description: 'By the answers of a model that has not seen these pictures',
      command: '<%= config.bin %> audit dataset --model runs/mine/model.onnx',
    },
    {
      description: 'A page on which to decide about each doubtful picture, and which saves corrections.csv',
      command: '<%= config.bin %> audit dataset --report audit.html',
    },
    {
      description: 'A draft of corrections, to look through',
      command: '<%= config.bin %> audit dataset --format corrections --output corrections.csv',
    },
    {
      description: 'What is left after corrections',
      command: '<%= config.bin %> audit dataset --corrections corrections.csv',
    },
    {
      description: 'Move the files into the folders of their right labels',
      command: '<%= config.bin %> audit dataset --corrections corrections.csv --apply',
    },
  ];

  static override args = {
    dir: Args.string({description: 'folder with one subfolder of pictures per label', required: true}),
  };

  static override flags = {
    ...modelFlags,
    'labels-from': labelsFromFlag,
    corrections: correctionsFlag,
    method: Flags.option({options: METHODS})({
      description:
        'who judges the labels: head, a linear classifier of the features of the model; network, a network trained from nothing; model, the model itself [default: model if --model is given without --folds, else head]',
    }),
    folds: integerFlag({
      description: `parts of the pictures, each judged by what was learned from the others [default: ${DEFAULT_FOLDS}]`,
      min: 2,
      max: 50,
    }),
    out: pathFlag({description: 'folder of the audit [default: audits/<name of DIR>]', helpValue: 'DIR'}),
    apply: Flags.boolean({
      description:
        'audit nothing: move the files as --corrections says, into the folders of their labels or out into DIR-excluded; nothing is replaced',
      dependsOn: ['corrections'],
      exclusive: ['undo', 'report'],
    }),
    undo: Flags.boolean({
      description: 'audit nothing: move back what --apply moved',
      exclusive: ['corrections', 'report'],
    }),
    report: pathFlag({
      description:
        'write an HTML page on which to decide about each doubtful picture with one key, and which saves the corrections: one file that needs no network',
      helpValue: 'FILE.html',
    }),
    format: Flags.option({options: ['table', 'csv', 'corrections'] as const})({
      description:
        'how to print what was found; corrections is a draft for --corrections that gives each doubtful label the suggested one',
      default: 'table',
    }),
  };

  async run() {
    const {flags, args} = this;
    checkOutput(
      flags.output,
      [flags.corrections, flags['labels-from']].filter((path) => path !== undefined),
    );
    if (flags.apply || flags.undo) return this.#move();
    const {report} = flags;
    if (report !== undefined) checkReport(report, flags.output, 'audit.html');
    const view = new AuditView(flags.quiet, (text) => this.warn(text));
    const stopping = new AbortController();
    const release = onStop(() => {
      stopping.abort(new RiceError('AUDIT_INTERRUPTED', 'stopped before the end, so there is no result'));
    });
    try {
      const out = this.#out;
      const method = this.#method();
      const audited = await auditDataset(
        {
          dataset: args.dir,
          labelsFrom: flags['labels-from'],
          corrections: flags.corrections,
          method,
          folds: flags.folds ?? DEFAULT_FOLDS,
          load: {...classifierOptions({...flags, trust: 'any-camera'}), onWarning: (text) => this.warn(text)},
          out,
          cacheDir: cacheFolder(),
        },
        view,
        stopping.signal,
      );
      if (report !== undefined) await this.#writePage(report, audited, view, stopping.signal);
      view.close();
      const {audit} = audited;
      if (method === 'model') this.#warnOfOwnLabels();
      this.#print(audit);
      return {...audit, ...defined({report})};
    } finally {
      view.close();
      release();
    }
  }

  get #out(): string {
    return this.flags.out ?? join(AUDITS_FOLDER, basename(resolve(this.args.dir)));
  }

  #move() {
    const {corrections, undo} = this.flags;
    const {dir} = this.args;
    const log = join(this.#out, MOVES_LOG);
    const done = undo ? undoCorrections(dir, log) : applyCorrections(dir, corrections!, log);
    for (const {path, reason} of done.skipped) this.warn(`not moved: ${path}: ${reason}`);
    this.log(renderMoved(done, dir, {undo}));
    return done;
  }

  /** Who names a model without folds wants that model's answers. */
  #method(): Method {
    const {method, model, folds} = this.flags;
    if (method === 'model' && folds !== undefined)
      throw new RiceError('USAGE', '--method model divides nothing into --folds', {
        suggestions: ['Leave out --folds.', 'Or learn from the features of the model: --method head.'],
      });
    return method ?? (model !== undefined && folds === undefined ? 'model' : 'head');
  }

  async #writePage(report: string, audited: Audited, view: AuditView, signal: AbortSignal): Promise<void> {
    const {corrections, 'max-pixels': maxPixels} = this.flags;
    const content = await collectPage(audited, {
      corrections: corrections === undefined ? undefined : readCorrections(corrections),
      maxPixels,
      onProgress: (done, total) => view.onPhase('embedding', done, total),
      signal,
    });
    const page = renderAuditPage({
      ...content,
      date: new Date().toISOString(),
      command: shellWords(['rice', 'audit', ...this.argv]),
      version: packageVersion(),
    });
    writeAtomically(report, page);
  }

  #warnOfOwnLabels(): void {
    this.warn(
      'the answers are those of the model itself: if it was trained on these pictures, it has learned their wrong labels; --folds 5 judges each picture by what was learned from others',
    );
  }

  #print(audit: Audit): void {
    const {format} = this.flags;
    if (format === 'csv') this.log(auditCsv(audit).slice(0, -1));
    else if (format === 'corrections') this.log(draftCorrections(audit).slice(0, -1));
    else this.log(renderAudit(audit, {style: this.style, columns: columnsOf(this.output.stream)}));
    const remedies = new Remedies();
    for (const {path, code, message} of audit.errors) {
      this.notice(`${code}: ${path}: ${message}`, 'Error');
      const remedy = remedies.next(code);
      if (remedy) this.notice(remedy, 'Try');
    }
    if (audit.errors.length > 0) this.exitWith(EXIT.partial);
  }
}
