import { Unavailable } from './unavailable.ts';

/** @throws Unavailable where there is no TensorFlow library that set-up knows how to provide */
export function requireTensorflowPlatform(): void {
  const fix = 'Nothing needs to be done: the engine uses its WebAssembly backend here, which is slower.';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Unavailable(
      `TensorFlow is set up on Linux x64 only so far; this is ${process.platform} ${process.arch}.`,
      fix,
    );
  }
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (!report.header.glibcVersionRuntime)
    throw new Unavailable('The TensorFlow library needs glibc; this system has another C library.', fix);
}
