/**
 * Environment of every process that runs the tensor engine. A library reads these once, when it is loaded, so
 * they must be there before the process starts. A variable that the user has set wins.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const engineEnvironment = {
  // TensorFlow's log starts at errors: its notices about CPU features would drown the progress lines.
  TF_CPP_MIN_LOG_LEVEL: '2',
  // oneDNN's own allocator doubles what it holds whenever it is short and gives nothing back: 2 GB more for a 7B model.
  TF_ONEDNN_USE_SYSTEM_ALLOCATOR: '1',
  // glibc: tensors in huge pages, and freed memory kept for the next operation instead of handed back and faulted in
  // again; 6 % of a run. Arrays of 72 MiB and more, of which there are few, go back to the system at once: kept, they
  // leave holes. Other C libraries ignore it.
  GLIBC_TUNABLES:
    'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=75497472:glibc.malloc.trim_threshold=2147483648',
};
