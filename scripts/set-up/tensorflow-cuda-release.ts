import {
  LINKS,
  PYTHON_TAGS,
  TENSORFLOW_MEMBERS,
  type TensorflowRelease,
  type Wheel,
} from './tensorflow-release.ts';

/** NVIDIA's libraries at the versions that TensorFlow 2.21 was built with: package, folder, version, SHA-256. */
const NVIDIA: readonly (readonly [name: string, folder: string, version: string, sha256: string])[] = [
  ['cublas', 'cublas', '12.5.3.2', 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'],
  ['cuda-cupti', 'cuda_cupti', '12.5.82', 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953'],
  ['cuda-nvrtc', 'cuda_nvrtc', '12.5.82', '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'],
  [
    'cuda-runtime',
    'cuda_runtime',
    '12.5.82',
    '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
  ],
  ['cudnn', 'cudnn', '9.3.0.75', '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'],
  ['cufft', 'cufft', '11.2.3.61', '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'],
  ['curand', 'curand', '10.3.6.82', '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'],
  ['cusolver', 'cusolver', '11.6.3.83', '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'],
  ['cusparse', 'cusparse', '12.5.1.3', '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'],
  ['nccl', 'nccl', '2.27.7', 'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa'],
  ['nvjitlink', 'nvjitlink', '12.5.82', 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'],
];

const TAGS: Readonly<Record<string, string>> = { nccl: 'manylinux2014_x86_64.manylinux_2_17_x86_64' };

const nvidiaWheels = NVIDIA.map(([name, folder, version, sha256]): Wheel => {
  const tag = TAGS[name] ?? 'manylinux2014_x86_64';
  return {
    requirement: `nvidia-${name}-cu12==${version}`,
    file: `nvidia_${name.replaceAll('-', '_')}_cu12-${version}-py3-none-${tag}.whl`,
    sha256,
    members: [`nvidia/${folder}/lib/`],
  };
});

/**
 * TensorFlow for NVIDIA's graphics processors. Its libraries look for NVIDIA's in ../nvidia/NAME/lib from where they are
 * themselves, as pip would have laid them.
 */
export const tensorflowCudaRelease: TensorflowRelease = {
  title: 'tensorflow 2.21.0 with CUDA 12.5',
  folder: 'tensorflow-cuda-2.21.0',
  libraryFolder: 'tensorflow',
  megabytes: { download: 3000, disk: 7500 },
  pythonTags: PYTHON_TAGS,
  wheels: [
    {
      requirement: 'tensorflow==2.21.0',
      file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      members: TENSORFLOW_MEMBERS,
    },
    ...nvidiaWheels,
  ],
  libraries: {
    'libtensorflow_cc.so.2': '2889ecc99d7641620f41a4bea538f4dd4b626f75aa3e12623161ae939054191c',
    'libtensorflow_framework.so.2': '98847c6f0448308159f6d3ff55e13a9e92978598c7fbb34cde63aadf35c6fe84',
  },
  links: LINKS,
};
