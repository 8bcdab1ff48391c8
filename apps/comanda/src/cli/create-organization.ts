import { Organization } from '@comanda/contracts';
import { foundOrganization, identity } from '@comanda/identity';
import { newId } from '@comanda/platform';
import { CommandFailure } from './failure.js';
import { complain, print, printJson } from './output.js';
import { withService } from './with-service.js';

export interface NewChain {
  readonly name: string;
  readonly mode: Organization['mode'];
  readonly languages: string;
  readonly json?: boolean;
}

/** Begins a chain: an organization, and its first key, which is printed. Nobody can do so over the API. */
export async function createChain({ name, mode, languages, json }: NewChain): Promise<void> {
  const given = Wanted.safeParse({ name, languages: languages.split(',').map((tag) => tag.trim()) });
  if (!given.success) {
    const [issue] = given.error.issues;
    throw new CommandFailure(`--${String(issue?.path[0])}: ${issue?.message}`, 2);
  }
  const organization = { id: newId(), mode, ...given.data };
  const apiKey = await withService(identity, (database, _log, environment) =>
    foundOrganization(database, environment['COMANDA_SECRET'] ?? '', organization, 'First key'),
  );
  if (json) return printJson({ organization, apiKey });
  print(apiKey);
  complain(
    `${organization.name} is organization ${organization.id}. Keep its key: it is stored nowhere. Every service knows it within a few seconds.`,
  );
}

const Wanted = Organization.pick({ name: true, languages: true });
