"""What `kubectl kustomize` makes of a directory, as far as container/kubernetes uses it: resources, patches by kind and name, namespace."""

from copy import deepcopy
from pathlib import Path

import yaml

# By which field the entries of a list are told apart in a strategic merge; other lists are replaced.
MERGED_BY = {"containers": "name", "env": "name", "ports": "containerPort", "volumes": "name", "volumeMounts": "mountPath"}
KNOWN = {"apiVersion", "kind", "namespace", "resources", "patches"}
WITHOUT_NAMESPACE = {"Namespace", "GatewayClass"}


def kustomized(directory: Path) -> list[dict]:
    text = yaml.safe_load((directory / "kustomization.yaml").read_text())
    unknown = text.keys() - KNOWN
    assert not unknown, f"{directory.name}/kustomization.yaml: not understood here: {unknown}"
    documents = []
    for name in text["resources"]:
        path = directory / name
        documents += kustomized(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))
    for entry in text.get("patches", []):
        patch = yaml.safe_load((directory / entry["path"]).read_text())
        targets = [document for document in documents if identity(document) == identity(patch)]
        assert len(targets) == 1, f"{entry['path']} patches {len(targets)} resources"
        documents[documents.index(targets[0])] = merged(targets[0], patch)
    for document in documents:
        if "namespace" in text and document["kind"] not in WITHOUT_NAMESPACE:
            document["metadata"]["namespace"] = text["namespace"]
    return documents


def identity(document: dict) -> tuple:
    return document["apiVersion"], document["kind"], document["metadata"]["name"]


def merged(base, patch, key=None):
    if isinstance(base, dict) and isinstance(patch, dict):
        result = deepcopy(base)
        for name, value in patch.items():
            result[name] = merged(base[name], value, name) if name in base else deepcopy(value)
        return result
    by = MERGED_BY.get(key)
    if by and isinstance(base, list) and isinstance(patch, list):
        result = {entry[by]: entry for entry in base}
        for entry in patch:
            result[entry[by]] = merged(result[entry[by]], entry) if entry[by] in result else deepcopy(entry)
        return list(result.values())
    return deepcopy(patch)
