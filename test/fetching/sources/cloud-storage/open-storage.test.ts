import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {openStorage} from '../../../../src/fetching/sources/cloud-storage/open-storage.ts';
import {useTemporaryFolder, writeTree} from '../../../dataset/fixtures.ts';

describe('the credentials for Google Cloud Storage', () => {
  const folder = useTemporaryFolder();
  const before = new Map<string, string | undefined>();

  beforeEach(() => {
    const settings = {
      // Neither the metadata server nor the credentials of this user are used.
      ...{METADATA_SERVER_DETECTION: 'none', HOME: folder(), APPDATA: folder(), CLOUDSDK_CONFIG: folder()},
      STORAGE_EMULATOR_HOST: undefined,
      GOOGLE_APPLICATION_CREDENTIALS: undefined,
      GOOGLE_CLOUD_PROJECT: undefined,
    };
    for (const [name, value] of Object.entries(settings)) {
      before.set(name, process.env[name]);
      set(name, value);
    }
  });

  afterEach(() => {
    for (const [name, value] of before) set(name, value);
  });

  function set(name: string, value: string | undefined): void {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }

  const open = () => openStorage('rice-data', 1, new AbortController().signal);

  it('may be missing, because public content needs none', async () => {
    const {storage, authorize} = await open();
    expect(storage.baseUrl).to.equal('https://storage.googleapis.com/storage/v1');
    expect(await authorize()).to.deep.equal({});
  });

  it('are rejected with suggestions if they cannot be used', async () => {
    const account = {type: 'service_account', client_email: 'me@example.com', project_id: 'rice'};
    const contents: Record<string, string> = {
      'broken.json': '{"type": ',
      'empty.json': '',
      'unknown.json': '{"type": "magic"}',
      'damaged.json': JSON.stringify({...account, private_key: 'no key'}),
    };
    writeTree(folder(), contents);
    for (const name of ['missing.json', ...Object.keys(contents)]) {
      process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder(), name);
      const error = await open().catch((error) => error);
      expect(error, name).to.be.instanceOf(RiceError);
      expect(error, name).to.include({code: 'ACCESS_DENIED'});
      expect(error.suggestions.join()).to.include('gcloud auth application-default login');
    }
  });
});
