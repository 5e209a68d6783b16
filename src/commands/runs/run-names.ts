import {Args} from '@oclif/core';
import {pathFlag} from '../../cli/flags.ts';
import {RUNS_FOLDER} from '../../model/model-path.ts';

/** The runs that a command is about. */
export const runNames = Args.string({
  description: 'names of runs, or paths of their folders',
  required: true,
  multiple: true,
  ignoreStdin: true,
});

/** Where the runs lie whose names are given. */
export const runsFlag = pathFlag({description: 'folder with the runs', default: RUNS_FOLDER, helpValue: 'DIR'});
