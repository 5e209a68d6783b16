import {Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT} from '../../cli/exit-codes.ts';
import {integerFlag, pathFlag, sharedFlags} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {onStop} from '../../cli/signals.ts';
import {RiceError} from '../../common/errors.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {packageVersion} from '../../common/package-root.ts';
import {USUAL_PLACES} from '../../dataset/default-paths.ts';
import {fetchDataset} from '../../fetching/fetch-dataset.ts';
import type {FetchedDataset} from '../../fetching/fetched.ts';
import type {FetchRequest} from '../../fetching/request.ts';
import {findSource, knownSources} from '../../fetching/sources/sources.ts';
import {findLabel} from '../../fetching/unpack/choose-files.ts';
import {RICE_IMAGE_DATASET} from '../../fetching/verification/published.ts';
import {verifyDataset} from '../../fetching/verify-dataset.ts';
import {digestFlag} from './digest-flag.ts';
import {fetchDocument} from './document.ts';
import {proofFailure, renderFetched} from './report.ts';
import {renderSources, sourcesDocument} from './source-list.ts';
import {FetchView} from './view.ts';

export default class FetchData extends BaseCommand<typeof FetchData> {
  static override summary = 'get the Rice Image Dataset and verify that it is complete';
  static override description =
    `Downloads the Rice Image Dataset (75,000 pictures of single grains, five varieties, 230 MB, CC0), unpacks it and proves that every file is the published one, so that rice train can begin.
The sources are tried one after another; no account is needed. An interrupted download goes on where it was. The dataset's folder appears when it is whole and proved, and not before.
A second run says at once that it is there. With --verify, every file is read again: what is missing, changed or extra is named, and the exit code is 1 where the proof fails.
Beside the folder, dataset.json says where the dataset comes from and what it is; rice train copies that into the record of its run.

Credentials are used where they are set: KAGGLE_API_TOKEN or KAGGLE_USERNAME and KAGGLE_KEY (or the files in ~/.kaggle), HF_TOKEN. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured.`;
  static override examples = [
    {description: 'The whole dataset, to data/Rice_Image_Dataset', command: '<%= config.bin %> fetch-data'},
    {
      description: '1,000 pictures of it, for a quick start',
      command: '<%= config.bin %> fetch-data --subset 1000',
    },
    {
      description: 'From an archive that was downloaded by hand',
      command: '<%= config.bin %> fetch-data --source archive.zip --dest Rice_Image_Dataset',
    },
    {
      description: 'Is what is there complete and unchanged?',
      command: '<%= config.bin %> fetch-data --verify data/Rice_Image_Dataset',
    },
    {description: 'Under DVC, without DVC', command: '<%= config.bin %> fetch-data --dvc'},
    {description: 'Where from', command: '<%= config.bin %> fetch-data --list-sources'},
  ];

  static override flags = {
    dest: pathFlag({
      description: 'the folder that the dataset becomes',
      default: USUAL_PLACES[0],
      helpValue: 'DIR',
    }),
    source: Flags.string({
      description:
        'a name from --list-sources, an address (https://, gs://bucket/prefix), an archive (.zip, .tar, .tar.gz, .tar.xz) or a folder; several are tried in their order [default: all that have a name]',
      multiple: true,
      helpValue: 'SOURCE',
    }),
    'list-sources': Flags.boolean({
      description: 'say where the dataset can be had, and as whom it would be asked for',
    }),
    labels: Flags.string({
      description: 'these varieties only, separated by commas',
      multiple: true,
      delimiter: ',',
      helpValue: 'NAMES',
    }),
    subset: integerFlag({
      description: 'N pictures only, as many of each variety as of the others',
      min: 1,
    }),
    seed: integerFlag({description: 'which pictures --subset takes [default: 0]', min: 0, dependsOn: ['subset']}),
    verify: pathFlag({
      description: 'fetch nothing; read every file of DIR and say what is missing, changed or extra',
      helpValue: 'DIR',
      exclusive: ['source', 'dest', 'subset', 'force', 'dvc', 'list-sources'],
    }),
    deep: Flags.boolean({description: 'decode every picture, too'}),
    digest: digestFlag({
      description:
        "expect a dataset with this DVC digest (.dir) instead of the published one, such as a laboratory's own",
      helpValue: 'MD5.dir',
    }),
    dvc: Flags.boolean({
      description: 'put the folder under DVC: a .dvc file beside it, its files in the cache, as dvc add would',
    }),
    force: Flags.boolean({description: 'fetch again, and replace the dataset that is there'}),
    retries: integerFlag({description: 'tries after one that failed', default: 5, min: 0, max: 100}),
    timeout: integerFlag({
      description: 'seconds of silence after which a connection is given up',
      default: 30,
      min: 1,
      max: 3600,
    }),
    threads: sharedFlags.threads,
  };

  async run() {
    if (this.flags['list-sources']) return this.#listSources();
    const begin = performance.now();
    const view = new FetchView({quiet: this.flags.quiet, warn: (text) => this.warn(text)});
    const stopping = new AbortController();
    const release = onStop(() => {
      view.stopping();
      stopping.abort(new RiceError('FETCH_INTERRUPTED', 'stopped before the dataset was complete'));
    });
    try {
      const fetched = await this.#fetch(view, stopping.signal);
      view.close();
      return this.#tell(fetched, (performance.now() - begin) / 1000);
    } finally {
      view.close();
      release();
    }
  }

  #fetch(view: FetchView, signal: AbortSignal): Promise<FetchedDataset> {
    const {verify} = this.flags;
    const request = this.#request();
    return verify === undefined ? fetchDataset(request, view, signal) : verifyDataset(verify, request, view, signal);
  }

  #request(): FetchRequest {
    const {dest, labels, digest, deep, force, dvc, retries, timeout, threads} = this.flags;
    const known = knownSources();
    const names = Object.keys(RICE_IMAGE_DATASET.labels);
    return {
      dest,
      sources: this.flags.source?.map((text) => findSource(text, known)) ?? known,
      labels: digest === undefined ? labels?.map((name) => findLabel(name.trim(), names)) : labels,
      subset: this.#subset(),
      digest,
      deep,
      force,
      dvc,
      retries,
      timeout,
      threads,
      cacheDir: cacheFolder(),
      version: packageVersion(),
    };
  }

  #subset(): FetchRequest['subset'] {
    const {subset: count, seed = 0} = this.flags;
    return count === undefined ? undefined : {count, seed};
  }

  #tell(fetched: FetchedDataset, seconds: number) {
    const {citations, licence} = RICE_IMAGE_DATASET;
    const usual = USUAL_PLACES.includes(this.flags.dest);
    this.log(renderFetched(fetched, {style: this.style, seconds, citations, usual}));
    const failure = proofFailure(fetched);
    if (failure) printNotice(failure, {kind: 'Error', noColor: this.flags['no-color']});
    if (failure || fetched.errors.length > 0) this.exitWith(EXIT.partial);
    return fetchDocument(fetched, {seconds, subset: this.#subset(), citations, licence});
  }

  #listSources() {
    const sources = knownSources();
    this.log(renderSources(sources, this.style));
    return sourcesDocument(sources);
  }
}
