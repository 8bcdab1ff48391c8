// Who may import whom. The layers are the `layer:…` tags in each package's package.json; `npm test` checks the rules.
const { globSync, readFileSync } = require('node:fs');
const path = require('node:path');

/** The folders of the packages with one of these tags, as a pattern: `^(libs/money|libs/pricing)/`. */
function layer(...names) {
  const folders = globSync(['{libs,apps}/*/package.json', 'k8s/e2e/package.json', 'load-tests/package.json'])
    .filter((file) => {
      const tags = JSON.parse(readFileSync(file, 'utf8')).nx?.tags ?? [];
      return names.some((name) => tags.includes(`layer:${name}`));
    })
    .map((file) => path.dirname(file));
  return `^(${folders.join('|')})/`;
}

const tests = String.raw`\.(test|contract)\.ts$|/test/|/testing/|/vitest\.config\.ts$`;

module.exports = {
  forbidden: [
    {
      name: 'a-service-imports-no-other-service',
      comment:
        'Services talk through events, and through the few calls that the design lists. Only apps/comanda puts them together.',
      severity: 'error',
      from: { path: layer('service') },
      to: { path: '^apps/', pathNot: ['^$1/', layer('outside')] },
    },
    {
      name: 'stand-ins-are-for-tests',
      comment: 'What stands in for another company is asked over the wire; only tests and apps/comanda start it.',
      severity: 'error',
      from: { path: layer('service'), pathNot: tests },
      to: { path: layer('outside') },
    },
    {
      name: 'stand-ins-know-no-service',
      severity: 'error',
      from: { path: layer('outside') },
      to: { path: '^apps/', pathNot: '^$1/' },
    },
    {
      name: 'libraries-import-no-service',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'pure-imports-pure',
      comment: 'The same code runs in services, on the till and in the browser.',
      severity: 'error',
      from: { path: layer('pure'), pathNot: tests },
      to: { path: '^(apps|libs|scripts)/', pathNot: layer('pure') },
    },
    {
      name: 'pure-does-no-io',
      comment: 'No Node built-ins, and no package but zod: what is decided here needs nothing but values.',
      severity: 'error',
      from: { path: layer('pure').replace(/\/$/, '/src/'), pathNot: tests },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: '^node_modules/(zod|temporal-polyfill)/',
      },
    },
    {
      name: 'the-client-knows-the-api-alone',
      comment: 'It is for those who have nothing else of this project.',
      severity: 'error',
      from: { path: layer('client'), pathNot: tests },
      to: { path: '^(apps|libs|scripts)/', pathNot: layer('client') },
    },
    {
      name: 'packages-are-entered-by-their-door',
      comment: 'Another package is imported by its name, never by a path into it; its "exports" say what there is.',
      severity: 'error',
      from: { path: '^(apps|k8s|libs)/([^/]+)/' },
      to: { path: '^(apps|k8s|libs)/', pathNot: '^$1/$2/', dependencyTypesNot: ['aliased-workspace'] },
    },
    {
      name: 'test-servers-are-for-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [tests, '^libs/testing/', layer('trial')] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'a-trial-stays-outside',
      comment:
        'What tries the platform from outside starts its programs and asks them over the wire; nobody builds on it.',
      severity: 'error',
      from: { path: layer('trial') },
      to: { path: '^apps/', pathNot: layer('trial') },
    },
    {
      name: 'nobody-imports-the-scripts',
      severity: 'error',
      from: { path: '^(apps|k8s|libs|load-tests)/' },
      to: { path: '^scripts/' },
    },
    {
      name: 'no-cycles',
      comment: 'Types may refer to each other; what is loaded may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'what-is-imported-exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'what-is-imported-is-declared',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'what-runs-is-no-dev-dependency',
      comment: 'An image holds what a package lists under "dependencies".',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [tests, '^libs/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm', 'npm-optional', 'npm-peer'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      conditionNames: ['@comanda/source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
