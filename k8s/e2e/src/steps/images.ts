import type { Step } from '../run/step.js';

export const images: Step = {
  name: 'images',
  title: 'every image is built from the Dockerfiles here and brought to the nodes',
  isGround: true,
  async run({ loader, noted, say }) {
    // What knows of test servers loads a good part of them: not for --help.
    const { prepareImages } = await import('../images/prepare.js');
    noted.figures['images'] = await prepareImages(loader, say);
  },
};
