import type { Position, StoredRecord } from './event-log.js';

/** An entry as the driver returns it. */
export interface EntryRow {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}

export const toStored = ({ position, ...rest }: EntryRow): StoredRecord => ({ ...rest, offset: Number(position) });

/** How far a group is, as the driver returns it: 64-bit numbers come as text. */
export interface PositionRow {
  readonly topic: string;
  readonly partition: number;
  readonly committed: string;
  readonly end: string;
}

export const toPosition = ({ committed, end, ...rest }: PositionRow): Position => ({
  ...rest,
  committed: Number(committed),
  end: Number(end),
});

/** The tables of the log; safe to run again. */
export const TABLES = `
  create table if not exists log_partitions (
    topic text not null,
    partition smallint not null,
    next_position bigint not null default 0,
    constraint log_partitions_pkey primary key (topic, partition)
  ) with (fillfactor = 50);
  create table if not exists log_entries (
    topic text not null,
    partition smallint not null,
    position bigint not null,
    id bigint generated always as identity,
    key text,
    value bytea,
    headers json not null,
    appended_at timestamptz not null default now(),
    constraint log_entries_pkey primary key (topic, partition, position)
  );
  create table if not exists log_cursors (
    group_name text not null,
    topic text not null,
    partition smallint not null,
    position bigint not null,
    constraint log_cursors_pkey primary key (group_name, topic, partition)
  ) with (fillfactor = 50);`;

export const ADD_TOPICS = `
  insert into log_partitions (topic, partition)
  select topic, partition from unnest($1::text[]) topic cross join generate_series(0, $2::int - 1) partition
  on conflict do nothing
  returning topic`;

export const DELETE_OLD = `
  delete from log_entries where topic = any($1) and appended_at < now() - make_interval(days => $2)`;

export const TOPICS = 'select distinct topic from log_partitions where topic = any($1)';

/** Where the records of an append begin in a partition, as the driver returns it. */
export interface HeadRow {
  readonly topic: string;
  readonly partition: number;
  readonly first: string;
}

// The head of a partition stays locked until the commit, so positions have no gaps and become visible in order:
// who has read up to one will never find another below it.
export const APPEND = {
  name: 'event-log.append',
  text: `
  with incoming as (
    select * from unnest($1::text[], $2::smallint[], $3::text[], $4::bytea[], $5::json[])
      with ordinality as record (topic, partition, key, value, headers, place)
  ), counts as (
    select topic, partition, count(*) as records from incoming group by topic, partition
  ), heads as (
    update log_partitions head set next_position = head.next_position + counts.records from counts
    where head.topic = counts.topic and head.partition = counts.partition
    returning head.topic, head.partition, head.next_position - counts.records as first
  ), stored as (
    insert into log_entries (topic, partition, position, key, value, headers)
    select topic, partition, first + row_number() over (partition by topic, partition order by place) - 1, key, value, headers
    from incoming join heads using (topic, partition) order by place
  )
  select topic, partition, first from heads`,
};

/** Where the next record of each partition will be, as the driver returns it. */
export interface EndRow {
  readonly topic: string;
  readonly partition: number;
  readonly end: string;
}

export const ENDS = {
  name: 'event-log.ends',
  text: `select topic, partition, next_position as "end" from log_partitions where next_position > 0`,
};

/** How far a group is in a partition, as the driver returns it. */
export interface CursorRow {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
}

/** How far a group is in each partition of its topics. */
export const CURSORS = `
  select topic, partition, position from log_cursors where group_name = $1 and topic = any($2)`;

// Each partition that has something gives its share of the slice, in order; over all of them oldest first.
export const NEXT = {
  name: 'event-log.next',
  text: `
  with behind as (
    select head.topic, head.partition, coalesce(cursor.position, 0) as position, count(*) over () as partitions
    from log_partitions head
    left join log_cursors cursor
      on cursor.group_name = $1 and cursor.topic = head.topic and cursor.partition = head.partition
    where head.topic = any($2) and head.next_position > coalesce(cursor.position, 0)
  )
  select entry.topic, entry.partition, entry.position, entry.key, entry.value, entry.headers
  from behind cross join lateral (
    select * from log_entries
    where topic = behind.topic and partition = behind.partition and position >= behind.position
    order by position limit greatest(10, $3 / behind.partitions)
  ) entry
  order by entry.id limit $3`,
};

export const COMMIT = {
  name: 'event-log.commit',
  text: `
  insert into log_cursors (group_name, topic, partition, position)
  select $1, topic, partition, position
  from unnest($2::text[], $3::smallint[], $4::bigint[]) as next (topic, partition, position)
  on conflict (group_name, topic, partition) do update set position = excluded.position`,
};

export const FORGET = 'delete from log_cursors where group_name = $1';

// What was deleted counts as taken: nobody can take it any more.
export const POSITIONS = `
  select head.topic, head.partition, greatest(coalesce(cursor.position, 0), coalesce(start, head.next_position)) as committed,
    head.next_position as "end"
  from log_partitions head
  cross join lateral (
    select min(position) as start from log_entries where topic = head.topic and partition = head.partition
  ) oldest
  left join log_cursors cursor
    on cursor.group_name = $1 and cursor.topic = head.topic and cursor.partition = head.partition
  where head.topic = any($2) order by head.topic, head.partition`;

export const READ = `
  select topic, partition, position, key, value, headers from log_entries
  where topic = $1 and partition = $2 and position >= $3 and position < $4 order by position limit 200`;
