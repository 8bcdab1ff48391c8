"""Holds Kubernetes objects against schemas: those of Kubernetes' own versions, and those of custom resource definitions.

validate.py [--crds FOLDER] OBJECTS VERSION..., where OBJECTS is a file with {"where they are from": [object, ...]}; what is from
"... on VERSION" is for that version alone. Prints what is wrong, a line each, and how many objects were held against a schema; ends
with 1 where something was wrong.
"""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
import yaml


def main() -> int:
    arguments = sys.argv[1:]
    crds = {}
    if arguments[:1] == ["--crds"]:
        crds = schemas_in(pathlib.Path(arguments[1]))
        arguments = arguments[2:]
    wrong, held, without = [], 0, set()
    for where, objects in json.loads(pathlib.Path(arguments.pop(0)).read_text()).items():
        versions = [where.rpartition(" on ")[2]] if " on " in where else arguments
        for each in objects:
            kind = f"{each['apiVersion']} {each['kind']}"
            name = f"{where}: {each['kind']} {each['metadata']['name']}"
            if kind in crds:
                held += 1
                for error in jsonschema.Draft202012Validator(crds[kind]).iter_errors(each):
                    wrong.append(f"{name}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
                continue
            for version in versions:
                try:
                    kubernetes_validate.validate(each, version, strict=True)
                    held += 1
                except kubernetes_validate.SchemaNotFoundError:
                    without.add(kind)
                except kubernetes_validate.ValidationError as error:
                    path = "/".join(str(step) for step in error.path)
                    wrong.append(f"{name}: Kubernetes {version}: /{path}: {error.message[:200]}")
    for line in wrong:
        print(line)
    print(json.dumps({"held": held, "wrong": len(wrong), "without": sorted(without)}))
    return 1 if wrong else 0


def schemas_in(folder: pathlib.Path) -> dict:
    """The schemas of all definitions below a folder, by apiVersion and kind."""
    found = {}
    for path in folder.rglob("*.y*ml"):
        listed = [document for document in yaml.safe_load_all(path.read_text()) if isinstance(document, dict)]
        for document in [each for one in listed for each in one.get("items", [one])]:
            if document.get("kind") != "CustomResourceDefinition":
                continue
            spec = document["spec"]
            for version in spec["versions"]:
                schema = version.get("schema", {}).get("openAPIV3Schema")
                if schema:
                    found[f"{spec['group']}/{version['name']} {spec['names']['kind']}"] = strict(schema, top=True)
    return found


def strict(schema: dict, top: bool = False) -> dict:
    """The same schema, without leave for fields that it does not name: a server would drop them without a word."""
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    if made.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
        made.pop("anyOf", None)
        made["type"] = ["integer", "string"]
    if "properties" in made:
        made["properties"] = {name: strict(each) for name, each in made["properties"].items()}
        if top:
            made["properties"].update({"apiVersion": {}, "kind": {}, "metadata": {}})
        if not made.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in made:
            made["additionalProperties"] = False
    if isinstance(made.get("items"), dict):
        made["items"] = strict(made["items"])
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = strict(made["additionalProperties"])
    if made.pop("nullable", False) and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


sys.exit(main())
