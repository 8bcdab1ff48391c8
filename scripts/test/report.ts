import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Told {
  /** `src/check.test.ts > a check > settles when nothing is left to pay` */
  readonly name: string;
  readonly why: string;
}

/** What the tests of one project came to. */
export interface ProjectReport {
  /** Each test file that ran, below the project's folder. */
  readonly files: string[];
  readonly passed: number;
  /** Tests; and files and suites that failed as a whole, whose tests never ran. */
  readonly failed: Told[];
  readonly skipped: Told[];
  readonly seconds: number;
}

/** Where the tests of the project in this folder (`libs/money`) leave their report. */
function reportFile(root: string, project: string): string {
  return join(root, 'reports', `${project}.json`);
}

export function readReport(root: string, project: string): ProjectReport | undefined {
  try {
    const report: ProjectReport = JSON.parse(readFileSync(reportFile(root, project), 'utf8'));
    return report;
  } catch {
    return undefined;
  }
}

/** Leaves a report at the end of a project's tests, for `npm test` to add up. */
export class ProjectReporter implements Reporter {
  readonly #root: string;
  readonly #since = Date.now();

  constructor(root: string) {
    this.#root = root;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const project = relative(this.#root, process.cwd());
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const wholes = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const report: ProjectReport = {
      files: modules.map((module) => relative(process.cwd(), module.moduleId)),
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: [
        ...tests.flatMap((test) => {
          const { state, errors } = test.result();
          return state === 'failed' ? { name: nameOf(test), why: errors?.[0]?.message ?? '' } : [];
        }),
        ...wholes.flatMap((whole) =>
          whole.errors().map((error) => ({
            name: 'fullName' in whole ? whole.fullName : relative(process.cwd(), whole.moduleId),
            why: error.message,
          })),
        ),
        ...unhandled.map((error) => ({ name: 'an error that no test caught', why: error.message })),
      ],
      skipped: tests.flatMap((test) => {
        const result = test.result();
        return result.state === 'skipped' ? { name: nameOf(test), why: result.note ?? reasonIn(test.fullName) } : [];
      }),
      seconds: Math.round((Date.now() - this.#since) / 1000),
    };
    const file = reportFile(this.#root, project);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  }
}

function nameOf(test: TestCase): string {
  return `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`;
}

/** `describeReal` puts the reason into the suite's name. */
function reasonIn(name: string): string {
  return /\(skipped: (.+?)\)( > |$)/.exec(name)?.[1] ?? 'no reason was given';
}
