// Preloaded into the process that does the work (node --import): it ends when the process that started it is killed,
// so that no run is left behind that nobody can see, writing where the next one resumes.
if (process.env.DPRUNER_ENDS_WITH_PARENT && process.channel) {
  // Not for its own children, which inherit the environment and node's arguments.
  delete process.env.DPRUNER_ENDS_WITH_PARENT;
  process.channel.unref();
  process.once('disconnect', () => process.exit(130));
}
