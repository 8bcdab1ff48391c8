import type { EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { Columns } from './columns.js';
import { type Prepared, runPrepared } from './prepared.js';
import type { Tx } from './transaction.js';

/** What a table's row holds, as plain data: decisions take it and give it back changed. */
export type Row<Entity> = { readonly [Field in keyof Entity]: Entity[Field] };

/**
 * Inserts rows in one prepared statement; a row that is in the way of a unique index is left out.
 * @returns how many were inserted
 */
export async function insertRows<Entity extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<Entity>,
  rows: readonly Row<Entity>[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { columns, ...prepared } = statement(tx, entity, 'insert', []);
  const inserted = await runPrepared(tx, prepared, columns.of(rows));
  return inserted.length;
}

/** Updates these fields of rows, found by their primary keys, in one prepared statement. */
export async function updateRows<Entity extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<Entity>,
  fields: readonly (keyof Entity & string)[],
  rows: readonly Row<Entity>[],
): Promise<void> {
  if (rows.length === 0) return;
  const { primaryColumns } = tx.dataSource.getMetadata(entity);
  const key = primaryColumns.at(-1)?.propertyName ?? '';
  const keys = rows.map((row) => row[key] as string);
  const { columns, ...prepared } = statement(tx, entity, 'update', fields);
  await runPrepared(tx, prepared, [keys, ...columns.of(rows)]);
}

/**
 * Reads the rows with these values of a field as they are now: what is decided by them may be out of date when it is written.
 * @returns the rows that are there, by that value
 */
export const readRows = <Entity extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<Entity>,
  field: keyof Entity & string,
  values: readonly string[],
): Promise<Map<string, Row<Entity>>> => rowsBy(tx, entity, 'read', field, values);

/**
 * Locks the rows with these values of a field until the transaction ends, in the order of the values, so that two who lock
 * several do not wait for each other.
 * @returns the rows that are there, by that value
 */
export const lockRows = <Entity extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<Entity>,
  field: keyof Entity & string,
  values: readonly string[],
): Promise<Map<string, Row<Entity>>> => rowsBy(tx, entity, 'lock', field, values);

async function rowsBy<Entity extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<Entity>,
  kind: 'read' | 'lock',
  field: keyof Entity & string,
  values: readonly string[],
): Promise<Map<string, Row<Entity>>> {
  if (values.length === 0) return new Map();
  const { name, text } = statement(tx, entity, kind, [field]);
  const rows = await runPrepared<Row<Entity>>(tx, { name, text }, [values]);
  return new Map(rows.map((row) => [String(row[field]), row]));
}

type Kind = 'insert' | 'update' | 'read' | 'lock';

/** A prepared statement; one that writes has the columns in which rows are given to it. */
interface Statement extends Prepared {
  readonly columns: Columns<string>;
}

/** A statement is written once for its table and fields. */
function statement(tx: Tx, entity: EntityTarget<ObjectLiteral>, kind: Kind, fields: readonly string[]): Statement {
  const metadata = tx.dataSource.getMetadata(entity);
  const known = statements.get(metadata) ?? new Map<string, Statement>();
  statements.set(metadata, known);
  const key = `${kind} ${fields.join()}`;
  const before = known.get(key);
  if (before) return before;
  const made = { name: `rows.${kind}.${metadata.tableName}.${known.size}`, ...write(metadata, kind, fields) };
  known.set(key, made);
  return made;
}

const statements = new WeakMap<EntityMetadata, Map<string, Statement>>();

function write(metadata: EntityMetadata, kind: Kind, fields: readonly string[]): Omit<Statement, 'name'> {
  const all = metadata.columns.map(({ databaseName, propertyName, type, isPrimary }) => ({
    column: `"${databaseName}"`,
    property: `"${propertyName}"`,
    field: propertyName,
    type: String(type),
    isPrimary,
  }));
  const table = `"${metadata.tableName}"`;
  const named = all.filter(({ field }) => fields.includes(field));
  const list = (parts: readonly string[], between = ', '): string => parts.join(between);
  const columnsOf = (used: typeof all, first?: number): Columns<string> =>
    new Columns(Object.fromEntries(used.map(({ field, type }) => [field, type])), first);
  switch (kind) {
    case 'insert': {
      const columns = columnsOf(all);
      const text = `insert into ${table} (${list(all.map(({ column }) => column))})
        select ${list(all.map(({ property }) => property))} from ${columns.given}
        on conflict do nothing returning 1`;
      return { columns, text };
    }
    case 'update': {
      const keys = all.filter(({ isPrimary }) => isPrimary);
      const last = keys.at(-1);
      if (!last) throw new Error(`${metadata.tableName} has no primary key.`);
      const columns = columnsOf([...keys, ...named], 2);
      // The planner takes what is given for a hundred rows and would rather read a small table whole; the list it knows better.
      const text = `update ${table} set ${list(named.map(({ column, property }) => `${column} = given.${property}`))}
        from ${columns.given}
        where ${list(
          keys.map(({ column, property }) => `${table}.${column} = given.${property}`),
          ' and ',
        )} and ${table}.${last.column} = any($1::${last.type}[])`;
      return { columns, text };
    }
    case 'read':
    case 'lock': {
      const [by] = named;
      if (!by) throw new Error(`${metadata.tableName} has no field ${fields.join()}.`);
      const text = `select ${list(all.map(({ column, property }) => `${column} as ${property}`))} from ${table}
        where ${by.column} = any($1::${by.type}[]) order by ${by.column}${kind === 'lock' ? ' for update' : ''}`;
      return { columns: columnsOf([by]), text };
    }
  }
}
