/** The networks that can be trained, by name. */
import {conv5} from './conv5.ts';
import {mobilenet} from './mobilenet.ts';
import type {Network} from './network.ts';
import {patch4} from './patch4.ts';
import {resnet18} from './resnet18.ts';

export const NETWORKS = {conv5, patch4, mobilenet, resnet18} satisfies Record<string, Network>;
export type NetworkName = keyof typeof NETWORKS;
