import { rebuild, reporting } from '@comanda/reporting';
import { print, printJson, Progress } from './output.js';
import { withService } from './with-service.js';

/** Builds every figure of the reports anew from the topics. Reports and what comes in go on meanwhile. */
export async function rebuildReports(json = false): Promise<void> {
  const progress = new Progress(process.stderr, json);
  const rebuilt = await withService(reporting, (database, log) =>
    rebuild(database, log, (events) => progress.update(`${events.toLocaleString('en')} events`)),
  );
  progress.done();
  if (json) printJson(rebuilt);
  else
    print(
      `${rebuilt.events} events read anew, ${rebuilt.unreadable} could not be read, ${rebuilt.removed} rows were of nothing that happened.`,
    );
}
