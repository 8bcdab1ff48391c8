import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { findHelm } from '@comanda/testing/servers';
import { parseAllDocuments } from 'yaml';

import { root } from '../launch/steps.mjs';

export const chart = join(root, 'charts', 'comanda');

/** Ways to install the chart that are looked at one by one: `charts/comanda/ci/<variant>-values.yaml`. */
export const variants = globSync('ci/*-values.yaml', { cwd: chart })
  .map((file) => basename(file, '-values.yaml'))
  .sort();

export const valuesOf = (variant: string): string => join(chart, 'ci', `${variant}-values.yaml`);

/** A Kubernetes object, as far as it is looked at here. */
export interface Rendered {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** Runs Helm. Resolves to what it printed. @throws with what it complained of */
export async function helm(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(findHelm() ?? 'helm', args, { cwd: chart, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** What the chart makes of values, as one text. */
export const template = (...values: string[]): Promise<string> =>
  helm('template', 'comanda', chart, '--namespace', 'comanda', ...values);

/** What it makes of a variant, object by object. */
export async function objectsOf(variant: string): Promise<Rendered[]> {
  return objectsIn(await template('--values', valuesOf(variant)));
}

export const objectsIn = (text: string): Rendered[] =>
  parseAllDocuments(text).flatMap((document) => (document.toJS() as Rendered | null) ?? []);
