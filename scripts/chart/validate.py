"""Holds Kubernetes objects against the schemas of Kubernetes' own versions.

validate.py OBJECTS VERSION..., where OBJECTS is a file with {"where they are from": [object, ...]}; what is from "... on VERSION" is
for that version alone. Prints, as JSON, against which versions each kind was held, and what is wrong, a line each.
"""

import json
import pathlib
import sys

import kubernetes_validate


def main() -> None:
    path, *all_versions = sys.argv[1:]
    held, wrong = {}, []
    for where, objects in json.loads(pathlib.Path(path).read_text()).items():
        versions = [where.rpartition(" on ")[2]] if " on " in where else all_versions
        for each in objects:
            kind = f"{each['apiVersion']} {each['kind']}"
            for version in versions:
                try:
                    kubernetes_validate.validate(each, version, strict=True)
                except kubernetes_validate.SchemaNotFoundError:
                    continue
                except kubernetes_validate.ValidationError as error:
                    name = f"{where}: {each['kind']} {each['metadata']['name']}"
                    field = "/".join(str(step) for step in error.path)
                    wrong.append(f"{name}: Kubernetes {version}: /{field}: {error.message[:200]}")
                held.setdefault(kind, set()).add(version)
    against = {kind: f"Kubernetes {', '.join(sorted(versions))}" for kind, versions in held.items()}
    print(json.dumps({"against": against, "wrong": wrong}))


main()
