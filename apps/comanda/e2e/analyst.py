"""An analyst's view: reads every topic from its start, knowing nothing of Comanda but its published schemas.

Validates each event against the JSON Schema of its type, drops what it has seen (delivery is at least once), and adds up
what the orders of a location come to. Prints one JSON object; ends with 1 when an event is not what the schema says.

    python analyst.py --brokers 127.0.0.1:9092 --schemas libs/contracts/published/events [--location ID]
"""

import argparse
import json
import multiprocessing
import pathlib
import sys
from collections import Counter

import jsonschema_rs
from kafka import KafkaConsumer, TopicPartition

SERVICES = ["identity", "catalog", "orders", "payments", "inventory", "loyalty"]
ATTRIBUTES = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_recordedat", "ce_organizationid", "ce_aggregateversion"]


KNOWN = {}


def learn(folder):
    """Makes a validator for each published schema, once in each process."""
    for path in pathlib.Path(folder).glob("*.json"):
        schema = json.loads(path.read_text())
        jsonschema_rs.meta.validate(schema)
        KNOWN[path.stem] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def records(brokers, topic, partitions):
    """The records of some partitions of a topic, from their start to where they end now."""
    # Checksums are left to the broker: in plain Python they take longer than everything else here.
    consumer = KafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False, auto_offset_reset="earliest", consumer_timeout_ms=30_000, check_crcs=False)
    mine = [TopicPartition(topic, partition) for partition in partitions]
    consumer.assign(mine)
    ends = consumer.end_offsets(mine)
    left = {partition for partition, end in ends.items() if end > 0}
    consumer.seek_to_beginning()
    while left:
        for partition, batch in consumer.poll(timeout_ms=5_000, max_records=2_000).items():
            for record in batch:
                if record.offset < ends[partition]:
                    yield record
        left = {partition for partition in left if consumer.position(partition) < ends[partition]}
    consumer.close()


def read(task):
    brokers, topic, partitions, location = task
    seen, types, invalid = set(), Counter(), []
    sums = Counter()
    for record in records(brokers, topic, partitions):
        headers = {name: value.decode() for name, value in record.headers}
        missing = [name for name in ATTRIBUTES if name not in headers]
        if missing:
            invalid.append(f"{topic}/{record.partition}/{record.offset}: lacks {', '.join(missing)}")
            continue
        if headers["ce_id"] in seen:
            continue
        seen.add(headers["ce_id"])
        kind, data = headers["ce_type"], json.loads(record.value)
        types[kind] += 1
        validator = KNOWN.get(kind)
        if validator is None:
            invalid.append(f"{topic}/{record.partition}/{record.offset}: {kind} is not published")
        elif not validator.is_valid(data):
            error = next(validator.iter_errors(data))
            invalid.append(f"{topic}/{record.partition}/{record.offset}: {kind}: {error.instance_path}: {error.message[:200]}")
        if record.key is None or record.key.decode() != headers["ce_subject"]:
            invalid.append(f"{topic}/{record.partition}/{record.offset}: the key is not the subject")
        if kind == "comanda.order.placed.v1" and location in (None, data["locationId"]):
            lines = [line for check in data["checks"] for line in check["lines"]]
            sums.update(orders=1, lines=len(lines), items=sum(line["quantity"] for line in lines), gross=sum(line["gross"]["amount"] for line in lines))
        if kind == "comanda.ledger.posted.v1":
            sums["ledger"] += sum(posting["amount"]["amount"] for posting in data["postings"])
    return types, invalid, sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--schemas", required=True)
    parser.add_argument("--location")
    options = parser.parse_args()
    consumer = KafkaConsumer(bootstrap_servers=options.brokers)
    tasks = [
        (options.brokers, topic, [partition], options.location)
        for topic in (f"comanda.{service}.v1" for service in SERVICES)
        for partition in sorted(consumer.partitions_for_topic(topic) or [])
    ]
    consumer.close()
    types, invalid, sums = Counter(), [], Counter()
    with multiprocessing.Pool(initializer=learn, initargs=(options.schemas,)) as pool:
        for found_types, found_invalid, found_sums in pool.imap_unordered(read, tasks):
            types.update(found_types)
            invalid.extend(found_invalid)
            sums.update(found_sums)
    # Counter.update adds, but a sum of zero is as telling as any other.
    print(json.dumps({"events": sum(types.values()), "types": dict(sorted(types.items())), **{name: sums[name] for name in ("orders", "lines", "items", "gross", "ledger")}, "invalid": invalid[:50]}, indent=2))
    sys.exit(1 if invalid or not types else 0)


if __name__ == "__main__":
    main()
