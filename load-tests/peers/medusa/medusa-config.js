// A store as Medusa's own starter makes it, without its admin screen.
const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseLogging: false,
    databaseDriverOptions: { ssl: false, connection: { ssl: false }, pool: { min: 2, max: 20 } },
    http: {
      storeCors: 'http://localhost:8000',
      adminCors: 'http://localhost:9000',
      authCors: 'http://localhost:9000',
      jwtSecret: 'of no use to anybody',
      cookieSecret: 'of no use to anybody',
    },
  },
});
