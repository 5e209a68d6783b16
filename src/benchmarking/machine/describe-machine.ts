import {arch, availableParallelism, cpus, platform, release, totalmem, type} from 'node:os';
import {packageVersion} from '../../common/package-root.ts';
import {runtimeVersion} from '../../model/other-platforms.ts';

/** What figures were measured on, without which they say nothing. */
export interface Machine {
  cpu: string;
  /** That this process may use. */
  cores: number;
  /** Bytes. */
  memory: number;
  /** Such as `Linux 6.1.0, linux-x64`. */
  os: string;
  node: string;
  onnxruntime: string | null;
  rice: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    os: `${type()} ${release()}, ${platform()}-${arch()}`,
    node: process.version,
    onnxruntime: runtimeVersion() ?? null,
    rice: packageVersion(),
  };
}
