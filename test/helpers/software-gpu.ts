import {existsSync} from 'node:fs';
import {join} from 'node:path';

/** Debian's chromium brings SwiftShader, a software implementation of Vulkan, and the library that loads it. */
const CHROMIUM = '/usr/lib/chromium';

/**
 * The environment in which a child process finds a GPU for WebGPU: SwiftShader, unless VK_ICD_FILENAMES names another driver
 * already; undefined where there is none.
 */
export function softwareGpu(): NodeJS.ProcessEnv | undefined {
  if (process.env.VK_ICD_FILENAMES !== undefined) return process.env;
  const driver = join(CHROMIUM, 'vk_swiftshader_icd.json');
  if (!existsSync(driver)) return undefined;
  const libraries = [process.env.LD_LIBRARY_PATH, CHROMIUM].filter(Boolean).join(':');
  return {...process.env, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: libraries};
}
