"""An analyst's view: reads every topic from its start, knowing nothing of Comanda but its published schemas.

Validates each event against the JSON Schema of its type, drops what it has seen (delivery is at least once), and adds up
what the orders of each location come to. What an order comes to is worked out anew from its lines, discounts, charges and
taxes; what was paid for it must be the same in three places: on the order, in the payments and refunds, in the ledger.
Prints one JSON object; ends with 1 when an event is not what the schema says, or a sum is not what it should be.

    python analyst.py --brokers 127.0.0.1:9092 --schemas libs/contracts/published/events
"""

import argparse
import json
import multiprocessing
import pathlib
import sys
from collections import Counter, defaultdict

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


def amounts(things, name="amount"):
    return sum(thing[name]["amount"] for thing in things)


def added(taxes):
    """Taxes that are not in the price already."""
    return sum(tax["amount"]["amount"] for tax in taxes if not tax["inclusive"])


def figures_of(order):
    """What an order comes to by its lines, and whether it says the same itself."""
    checks = order["checks"]
    lines = [line for check in checks for line in check["lines"] if line["voided"] is None]
    charges = [charge for check in checks for charge in check["charges"]]
    returns = order.get("returns", [])
    discount = sum(amounts(line["discounts"]) for line in lines)
    net = amounts(lines, "gross") - discount
    tax = sum(added(thing["taxes"]) for thing in lines + charges)
    figures = {
        "orders": 1,
        "lines": len(lines),
        "items": sum(line["quantity"] for line in lines),
        "gross": amounts(lines, "gross"),
        "discount": discount,
        "charges": amounts(charges),
        "total": net + amounts(charges) + tax,
        "returned": amounts(returns, "total"),
        "returned discount": sum(amounts(line["discounts"]) for back in returns for line in back["lines"]),
        "paid": sum(check["paid"]["amount"] for check in checks),
    }
    said = order["totals"]["total"]["amount"]
    agrees = figures["total"] == said == sum(check["totals"]["total"]["amount"] for check in checks)
    return figures, None if agrees else f"order {order['id']} says {said}, its lines come to {figures['total']}"


class Findings:
    """What was found in some partitions; those of all partitions add up."""

    def __init__(self):
        self.types, self.invalid, self.wrong = Counter(), [], []
        # The newest of each order, by id: its version, its location, its figures.
        self.orders = {}
        # Location to figures.
        self.places = defaultdict(Counter)
        # What was paid of the bill of each order less what went back: by payments and refunds, and by the ledger.
        self.settled, self.booked = Counter(), Counter()

    def take(self, kind, data, version):
        if kind.startswith("comanda.order."):
            if version > self.orders.get(data["id"], (0,))[0]:
                figures, wrong = figures_of(data)
                self.orders[data["id"]] = (version, data["locationId"], figures, wrong)
        elif kind == "comanda.payment.captured.v1":
            self.places[data["locationId"]].update(collected=data["collected"]["amount"], tips=data["tip"]["amount"])
            self.settle(data, data["amount"]["amount"])
        elif kind == "comanda.payment.refunded.v1":
            refund = data["refund"]
            self.places[data["locationId"]].update(refunded=refund["returned"]["amount"], tips=-refund["tip"]["amount"])
            self.settle(data, -refund["amount"]["amount"])
        elif kind == "comanda.ledger.posted.v1":
            place = self.places[data["locationId"]]
            place["ledger"] += amounts(data["postings"])
            for posting in data["postings"]:
                account, amount = posting["account"], posting["amount"]["amount"]
                place[f"ledger {account}"] += amount
                if account in BILL:
                    self.booked[data["orderId"]] -= amount

    def settle(self, payment, amount):
        # What is put on a gift card or a house account is of no order.
        if payment["account"] and payment["account"]["loaded"]:
            self.places[payment["locationId"]]["loaded"] += amount
        else:
            self.settled[payment["orderId"]] += amount

    def add(self, other):
        self.types.update(other.types)
        self.invalid.extend(other.invalid)
        self.orders.update(other.orders)
        for place, figures in other.places.items():
            self.places[place].update(figures)
        self.settled.update(other.settled)
        self.booked.update(other.booked)

    def conclude(self):
        """Adds orders up, and says which of them are not paid as payments and the ledger say."""
        for order, (_, place, figures, wrong) in self.orders.items():
            self.places[place].update(figures)
            if wrong:
                self.wrong.append(wrong)
            paid, settled, booked = figures["paid"], self.settled[order], self.booked[order]
            if not paid == settled == booked:
                self.wrong.append(f"order {order} says that {paid} is paid, payments {settled}, the ledger {booked}")
        for place, figures in self.places.items():
            kept = figures["collected"] - figures["refunded"]
            if kept != sum(figures[f"ledger {account}"] for account in MONEY) + figures["loaded"]:
                self.wrong.append(f"location {place} kept {kept}, the ledger says otherwise")


# Whose the money is that was paid of a bill, and where it lies.
BILL = {"merchant", "tax", "platform_fee", "psp_fee"}
MONEY = ["cash", "card", "gift_card", "house_account", "dispute"]


def read(task):
    brokers, topic, partitions = task
    seen, found = set(), Findings()
    for record in records(brokers, topic, partitions):
        headers = {name: value.decode() for name, value in record.headers}
        missing = [name for name in ATTRIBUTES if name not in headers]
        if missing:
            found.invalid.append(f"{topic}/{record.partition}/{record.offset}: lacks {', '.join(missing)}")
            continue
        if headers["ce_id"] in seen:
            continue
        seen.add(headers["ce_id"])
        kind, data = headers["ce_type"], json.loads(record.value)
        found.types[kind] += 1
        validator = KNOWN.get(kind)
        if validator is None:
            found.invalid.append(f"{topic}/{record.partition}/{record.offset}: {kind} is not published")
        elif not validator.is_valid(data):
            error = next(validator.iter_errors(data))
            found.invalid.append(f"{topic}/{record.partition}/{record.offset}: {kind}: {error.instance_path}: {error.message[:200]}")
        if record.key is None or record.key.decode() != headers["ce_subject"]:
            found.invalid.append(f"{topic}/{record.partition}/{record.offset}: the key is not the subject")
        found.take(kind, data, int(headers["ce_aggregateversion"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--schemas", required=True)
    options = parser.parse_args()
    consumer = KafkaConsumer(bootstrap_servers=options.brokers)
    tasks = [
        (options.brokers, topic, [partition])
        for topic in (f"comanda.{service}.v1" for service in SERVICES)
        for partition in sorted(consumer.partitions_for_topic(topic) or [])
    ]
    consumer.close()
    all_found = Findings()
    with multiprocessing.Pool(initializer=learn, initargs=(options.schemas,)) as pool:
        for found in pool.imap_unordered(read, tasks):
            all_found.add(found)
    all_found.conclude()
    types, invalid, wrong = all_found.types, all_found.invalid, all_found.wrong
    print(json.dumps({
        "events": sum(types.values()),
        "types": dict(sorted(types.items())),
        # A sum of zero is as telling as any other.
        "locations": {place: {"ledger": 0, **figures} for place, figures in sorted(all_found.places.items())},
        "invalid": invalid[:50],
        "wrong": wrong[:50],
    }, indent=2))
    sys.exit(1 if invalid or wrong or not types else 0)


if __name__ == "__main__":
    main()
