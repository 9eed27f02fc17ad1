/** The release of TensorFlow that the project uses, from the Python package index. */
export const tensorflowRelease = {
  requirement: 'tensorflow-cpu==2.21.0',
  /** The wheel to ask for, whatever Python does the asking: the C library in it depends on none. */
  pythonTags: {
    pythonVersion: '3.11',
    implementation: 'cp',
    abi: 'cp311',
    platform: 'manylinux_2_27_x86_64',
  },
  wheel: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  wheelSha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  wheelMegabytes: 274,
  /** The folder's name in the cache. */
  folder: 'tensorflow-cpu-2.21.0-kernels',
  libraries: {
    'libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    'libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
  },
  /** The names under which the linker looks for them. */
  links: {
    'libtensorflow.so': 'libtensorflow_cc.so.2',
    'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  },
  /** Members of the wheel below tensorflow/ that are kept beside the libraries: the C interface and the licences. */
  otherMembers: [
    'THIRD_PARTY_NOTICES.txt',
    'include/LICENSE',
    'include/tensorflow/c/',
    'include/tensorflow/core/common_runtime/next_pluggable_device/c/',
    'include/tensorflow/core/platform/ctstring',
    'include/tsl/platform/ctstring',
    'include/tsl/platform/platform.h',
    'include/xla/tsl/c/',
  ],
} as const;
