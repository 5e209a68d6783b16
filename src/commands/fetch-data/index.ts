import {Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT} from '../../cli/exit-codes.ts';
import {integerFlag, pathFlag, sharedFlags, withEffectiveDefault} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {onStop} from '../../cli/signals.ts';
import {RiceError} from '../../common/errors.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {packageVersion} from '../../common/package-root.ts';
import {DEFAULT_DATASET_FOLDERS} from '../../dataset/default-paths.ts';
import {fetchDataset} from '../../fetching/fetch-dataset.ts';
import type {FetchedDataset} from '../../fetching/fetched.ts';
import type {FetchRequest} from '../../fetching/request.ts';
import {findSource, knownSources} from '../../fetching/sources/sources.ts';
import {findLabel} from '../../fetching/unpack/choose-files.ts';
import {LIMITS, limitsFor} from '../../fetching/unpack/limits.ts';
import {RICE_IMAGE_DATASET} from '../../fetching/verification/published.ts';
import {verifyDataset} from '../../fetching/verify-dataset.ts';
import {digestFlag} from './digest-flag.ts';
import {fetchDocument} from './document.ts';
import {renderFetched, verificationFailure} from './report.ts';
import {renderSources, sourcesDocument} from './source-list.ts';
import {FetchView} from './view.ts';

export default class FetchData extends BaseCommand<typeof FetchData> {
  static override summary = 'download the Rice Image Dataset and verify it';
  static override description =
    `Downloads the Rice Image Dataset (75,000 pictures of single grains, five varieties, 230 MB, CC0), unpacks it and verifies that every file is the published one, so that rice train can use it.
The sources are tried in order; no account is needed. An interrupted download is resumed. The dataset folder only appears once it is complete and verified.
If the dataset is already there, the command ends at once. --verify reads every file again, lists what is missing, changed or extra, and exits with code 1 if the verification fails.
Beside the folder, dataset.json records what the dataset is and where it comes from; rice train copies that into the record of its run.

Credentials are used if they are set: KAGGLE_API_TOKEN or KAGGLE_USERNAME and KAGGLE_KEY (or the files in ~/.kaggle), HF_TOKEN. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are respected.`;
  static override examples = [
    {description: 'The whole dataset, into data/Rice_Image_Dataset', command: '<%= config.bin %> fetch-data'},
    {
      description: 'Only 1,000 pictures, for a quick start',
      command: '<%= config.bin %> fetch-data --subset 1000',
    },
    {
      description: 'From an archive that was downloaded by hand',
      command: '<%= config.bin %> fetch-data --source archive.zip --dest Rice_Image_Dataset',
    },
    {
      description: 'Check that a fetched dataset is complete and unchanged',
      command: '<%= config.bin %> fetch-data --verify data/Rice_Image_Dataset',
    },
    {
      description: 'Track the dataset with DVC; DVC itself is not needed',
      command: '<%= config.bin %> fetch-data --dvc',
    },
    {description: 'List the sources', command: '<%= config.bin %> fetch-data --list-sources'},
  ];

  static override flags = {
    dest: pathFlag({
      description: 'folder for the dataset',
      default: DEFAULT_DATASET_FOLDERS[0],
      helpValue: 'DIR',
    }),
    source: Flags.string({
      description:
        'a name from --list-sources, a URL (https://, gs://bucket/prefix), an archive (.zip, .tar, .tar.gz, .tar.xz) or a folder; several are tried in order [default: all of --list-sources]',
      multiple: true,
      helpValue: 'SOURCE',
    }),
    'list-sources': Flags.boolean({
      description: 'list the sources of the dataset, and the account that each would use',
    }),
    labels: Flags.string({
      description: 'only these varieties, separated by commas',
      multiple: true,
      delimiter: ',',
      helpValue: 'NAMES',
    }),
    subset: integerFlag({
      description: 'only N pictures, equally many of each variety',
      min: 1,
    }),
    seed: withEffectiveDefault(
      integerFlag({
        description: 'seed that chooses the pictures of --subset [default: 0]',
        min: 0,
        dependsOn: ['subset'],
      }),
      () => 0,
    ),
    verify: pathFlag({
      description: 'do not fetch; read every file of DIR and list what is missing, changed or extra',
      helpValue: 'DIR',
      exclusive: ['source', 'dest', 'subset', 'force', 'dvc', 'list-sources'],
    }),
    deep: Flags.boolean({description: 'also decode every picture'}),
    digest: digestFlag({
      description:
        'expect a dataset with this DVC digest (.dir) instead of the published one, such as your own dataset',
      helpValue: 'MD5.dir',
    }),
    dvc: Flags.boolean({
      description: 'track the folder with DVC, as dvc add does: a .dvc file beside it, its files in the DVC cache',
    }),
    force: Flags.boolean({description: 'fetch again, and replace the existing dataset'}),
    retries: integerFlag({description: 'retries after a failed request', default: 5, min: 0, max: 100}),
    timeout: integerFlag({
      description: 'seconds without data after which a connection is dropped',
      default: 30,
      min: 1,
      max: 3600,
    }),
    'max-unpacked': integerFlag({
      description:
        'GB that an archive may unpack to; if given, 150,000 files per GB and files of up to 256 MB [default: 2]',
      min: 1,
      max: 100_000,
      helpValue: 'GB',
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
      return this.#report(fetched, (performance.now() - begin) / 1000);
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
    const {dest, labels, digest, deep, force, dvc, retries, timeout, threads, 'max-unpacked': gigabytes} = this.flags;
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
      limits: gigabytes === undefined ? LIMITS : limitsFor(gigabytes),
      threads,
      cacheDir: cacheFolder(),
      version: packageVersion(),
    };
  }

  #subset(): FetchRequest['subset'] {
    const {subset: count, seed = 0} = this.flags;
    return count === undefined ? undefined : {count, seed};
  }

  #report(fetched: FetchedDataset, seconds: number) {
    const {citations, licence} = RICE_IMAGE_DATASET;
    const isDefaultPlace = DEFAULT_DATASET_FOLDERS.includes(this.flags.dest);
    this.log(renderFetched(fetched, {style: this.style, seconds, citations, isDefaultPlace}));
    const failure = verificationFailure(fetched);
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
