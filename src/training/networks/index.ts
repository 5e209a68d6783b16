/** The networks that can be trained, by name. */
import {conv4} from './conv4.ts';
import {grain4} from './grain4.ts';
import {mobilenet} from './mobilenet.ts';
import type {Network} from './network.ts';
import {resnet18} from './resnet18.ts';

export const NETWORKS = {conv4, grain4, mobilenet, resnet18} satisfies Record<string, Network>;
export type NetworkName = keyof typeof NETWORKS;
