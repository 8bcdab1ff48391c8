const { bootstrap } = require('@vendure/core');
const { config } = require('./config');

bootstrap(config).then(
  () => console.log('READY'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
