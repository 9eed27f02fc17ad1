/** Settings of the installers. There is no application to package yet, hence no makers. */
export default {
  packagerConfig: { name: 'D-Pruner Desktop', executableName: 'd-pruner-desktop' },
  makers: [],
};
