import {openHttpArchive} from './http-archive.ts';
import type {Source} from './source.ts';
import {withoutCredentials} from './without-credentials.ts';

const ENDPOINT = 'https://huggingface.co';

/** Copies of the dataset on Hugging Face. */
const COPIES = [
  {name: 'huggingface', dataset: 'nateraw/rice-image-dataset', file: 'rice-image-dataset.zip'},
  {name: 'huggingface-2', dataset: 'miladfa7/Rice-Image-Dataset', file: 'Rice Image Dataset.zip'},
];

/** Hugging Face, anonymous or with `HF_TOKEN`; `HF_ENDPOINT` names a mirror. */
export function huggingFace(env: NodeJS.ProcessEnv): Source[] {
  const endpoint = (env.HF_ENDPOINT || ENDPOINT).replace(/\/+$/, '');
  const authorization = env.HF_TOKEN ? {header: `Bearer ${env.HF_TOKEN}`, origin: 'HF_TOKEN'} : undefined;
  return COPIES.map(({name, dataset, file}) => {
    const address = `${endpoint}/datasets/${dataset}/resolve/main/${encodeURIComponent(file)}`;
    return {
      name,
      title: `Hugging Face, ${dataset}`,
      address: withoutCredentials(address),
      access: authorization ? 'with HF_TOKEN' : 'anonymous',
      available: true,
      open: (context) => openHttpArchive(address, authorization, context),
    };
  });
}
