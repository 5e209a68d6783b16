/** The networks that can be trained, by name. */
import {conv4} from './conv4.ts';
import {convnextAtto} from './convnext.ts';
import {efficientnetB0, efficientnetLite0} from './efficientnet.ts';
import {grain4} from './grain4.ts';
import {mobilenet} from './mobilenet.ts';
import {mobilenetv3Large, mobilenetv3Small} from './mobilenetv3.ts';
import type {Network} from './network.ts';
import {resnet18, resnet50} from './resnet.ts';

export const NETWORKS = {
  conv4,
  grain4,
  mobilenet,
  resnet18,
  resnet50,
  mobilenetv3_small: mobilenetv3Small,
  mobilenetv3_large: mobilenetv3Large,
  efficientnet_lite0: efficientnetLite0,
  efficientnet_b0: efficientnetB0,
  convnext_atto: convnextAtto,
} satisfies Record<string, Network>;
export type NetworkName = keyof typeof NETWORKS;
