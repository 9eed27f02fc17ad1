/** What is taken of a Python wheel. */
export interface Wheel {
  /** As pip takes it. */
  readonly requirement: string;
  readonly file: string;
  readonly sha256: string;
  /** Beginnings of the members' names that are kept. */
  readonly members: readonly string[];
}

export interface TensorflowRelease {
  readonly title: string;
  /** The folder's name in the cache. */
  readonly folder: string;
  /** Where in it the libraries of TensorFlow are. */
  readonly libraryFolder: string;
  readonly megabytes: { readonly download: number; readonly disk: number };
  /** The first one is TensorFlow itself; its members lie in `libraryFolder`, those of the others as they are named. */
  readonly wheels: readonly [Wheel, ...Wheel[]];
  /** Which wheels to ask for, whatever Python does the asking: the C library in them depends on none. */
  readonly pythonTags: Readonly<Record<'pythonVersion' | 'implementation' | 'abi', string>> & {
    readonly platforms: readonly string[];
  };
  /** SHA-256 of TensorFlow's libraries. */
  readonly libraries: Readonly<Record<string, string>>;
  /** The names under which the linker looks for them. */
  readonly links: Readonly<Record<string, string>>;
}

export const PYTHON_TAGS = {
  pythonVersion: '3.11',
  implementation: 'cp',
  abi: 'cp311',
  platforms: ['manylinux_2_27_x86_64', 'manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
};

export const LINKS = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};

/** The C interface and the licences, beside the libraries. */
export const TENSORFLOW_MEMBERS = [
  'libtensorflow_cc.so.2',
  'libtensorflow_framework.so.2',
  'THIRD_PARTY_NOTICES.txt',
  'include/LICENSE',
  'include/tensorflow/c/',
  'include/tensorflow/core/common_runtime/next_pluggable_device/c/',
  'include/tensorflow/core/platform/ctstring',
  'include/tsl/platform/ctstring',
  'include/tsl/platform/platform.h',
  'include/xla/tsl/c/',
];

/** The release of TensorFlow that the project uses, from the Python package index. */
export const tensorflowRelease: TensorflowRelease = {
  title: 'tensorflow-cpu 2.21.0',
  folder: 'tensorflow-cpu-2.21.0-kernels',
  libraryFolder: '.',
  megabytes: { download: 274, disk: 1200 },
  pythonTags: PYTHON_TAGS,
  wheels: [
    {
      requirement: 'tensorflow-cpu==2.21.0',
      file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      members: TENSORFLOW_MEMBERS,
    },
  ],
  libraries: {
    'libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    'libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
  },
  links: LINKS,
};
