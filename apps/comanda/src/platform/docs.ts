import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import absolutePath from 'swagger-ui-dist/absolute-path.js';

/** Serves `/docs`: the merged OpenAPI document, to read and to try. Everything comes from this process, nothing from elsewhere. */
export function serveDocs(fastify: FastifyInstance): void {
  const assets = absolutePath();
  fastify.get('/docs', (_request, reply) => reply.type('text/html').send(PAGE));
  for (const [file, type] of Object.entries(FILES)) {
    fastify.get(`/docs/${file}`, async (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'public, max-age=86400')
        .send(await readFile(join(assets, file))),
    );
  }
}

const FILES = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Comanda API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: true, defaultModelsExpandDepth: 0, docExpansion: 'list' });
    </script>
  </body>
</html>
`;
