import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectCache } from '../bootstrap/project.mjs';

/** Debian's Chromium carries a WebGPU adapter that the processor computes, and a loader for it. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const LOADER = 'libvulkan.so.1';

/**
 * Variables with which the tests of the WebGPU backend find an adapter where there is no graphics processor; none where a
 * driver is installed. They must be there before a process starts.
 */
export function softwareAdapterEnvironment(): Record<string, string> {
  const hasDriver = DRIVER_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  if (process.platform !== 'linux' || process.env.VK_ICD_FILENAMES || hasDriver) return {};
  // The loader in a folder of its own: Chromium's other libraries are not for other programs.
  const folder = join(projectCache, 'vulkan');
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, LOADER), { force: true });
  symlinkSync(join(CHROMIUM, LOADER), join(folder, LOADER));
  const { LD_LIBRARY_PATH } = process.env;
  return {
    LD_LIBRARY_PATH: LD_LIBRARY_PATH ? `${folder}:${LD_LIBRARY_PATH}` : folder,
    VK_ICD_FILENAMES: join(CHROMIUM, 'vk_swiftshader_icd.json'),
  };
}
