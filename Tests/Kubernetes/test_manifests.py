"""container/kubernetes: every manifest by strict schemas, and what a session has to be able to rely on."""

import ipaddress
import re
from copy import deepcopy
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
from custom_resources import SCHEMAS
from kustomized import kustomized

ROOT = Path(__file__).parents[2]
OVERLAYS = ["one-session", "stunner"]
VERSION = "1.37"
# `apiVersion` or `kind` itself is misspelt.
NO_SUCH_KIND = (KeyError, kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError)
# Whose keys are anybody's.
FREE = {"labels", "annotations", "matchLabels", "requests", "limits", "selector"}


def rendered(overlay):
    return kustomized(ROOT / "container/kubernetes" / overlay)


def validate(document):
    schema = SCHEMAS.get((document.get("apiVersion"), document.get("kind")))
    if schema:
        jsonschema.validate(document, schema)
    else:
        kubernetes_validate.validate(document, VERSION, strict=True)


def one(documents, kind):
    found = [document for document in documents if document["kind"] == kind]
    assert len(found) == 1
    return found[0]


def pod(documents):
    return one(documents, "Job")["spec"]["template"]["spec"]


def environment(documents):
    return {entry["name"]: entry for entry in pod(documents)["containers"][0]["env"]}


def keys(value, path=()):
    """The path of every field that a schema names."""
    if isinstance(value, dict):
        for name, below in value.items():
            if not (path and path[-1] in FREE and not isinstance(below, dict)):
                yield (*path, name)
            yield from keys(below, (*path, name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from keys(below, (*path, index))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_manifest_passes_strict_schemas(overlay):
    for document in rendered(overlay):
        validate(document)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_misspelt_field_fails_wherever_it_is(overlay):
    tried = 0
    for document in rendered(overlay):
        for path in keys(document):
            broken = deepcopy(document)
            parent = broken
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1] + "x"] = parent.pop(path[-1])
            tried += 1
            with pytest.raises((jsonschema.ValidationError, kubernetes_validate.ValidationError, *NO_SUCH_KIND)):
                validate(broken)
    assert tried > 100


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_setting_is_one_that_the_room_has(overlay):
    known = set(re.findall(r"^#?(DESKROOM_\w+)=", (ROOT / "container/deskroom.conf.sample").read_text(), re.M))
    named = set(environment(rendered(overlay)))
    assert named and named <= known


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_are_what_restricted_asks_for(overlay):
    documents = rendered(overlay)
    spec = pod(documents)
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert spec["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
    assert all(set(volume) <= {"name", "emptyDir", "secret"} for volume in spec["volumes"])
    for container in spec["containers"]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False and context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
    has_host_ports = any("hostPort" in port for container in spec["containers"] for port in container["ports"])
    labels = one(documents, "Namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == ("privileged" if has_host_ports else "restricted")
    assert labels["pod-security.kubernetes.io/warn"] == "restricted"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_session_has_longer_than_its_grace_and_is_not_evicted(overlay):
    documents = rendered(overlay)
    template = one(documents, "Job")["spec"]["template"]
    assert template["spec"]["terminationGracePeriodSeconds"] > int(environment(documents)["DESKROOM_LIFE_GRACE"]["value"])
    budget = one(documents, "PodDisruptionBudget")["spec"]
    assert budget["minAvailable"] == 1
    assert budget["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert template["metadata"]["annotations"]["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_goes_out_of_a_session_and_only_its_ports_are_open(overlay):
    documents = rendered(overlay)
    policy = one(documents, "NetworkPolicy")["spec"]
    template = one(documents, "Job")["spec"]["template"]
    assert policy["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"} and policy["egress"] == []
    opened = {(port["protocol"], port["port"]) for rule in policy["ingress"] for port in rule["ports"]}
    assert opened == {("TCP", 8443), ("UDP", 40000), ("TCP", 40000)}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_mounted_and_what_is_named_exists(overlay):
    documents = rendered(overlay)
    spec = pod(documents)
    volumes = {volume["name"] for volume in spec["volumes"]}
    for container in spec["containers"]:
        ports = {port["name"] for port in container["ports"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes
        assert {container[probe]["httpGet"]["port"] for probe in ("startupProbe", "readinessProbe")} <= ports
        for service in (document for document in documents if document["kind"] == "Service"):
            assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
            # Who is in a session that drains comes back through it.
            assert service["spec"]["publishNotReadyAddresses"] is True


def test_host_ports_have_the_numbers_that_browsers_are_told():
    ports = pod(rendered("one-session"))["containers"][0]["ports"]
    assert ports and all(port["hostPort"] == port["containerPort"] for port in ports)


def test_stunner_leads_to_the_media_port_by_the_rooms_own_secret():
    documents = rendered("stunner")
    route = one(documents, "UDPRoute")["spec"]["rules"][0]["backendRefs"][0]
    services = {document["metadata"]["name"]: document["spec"] for document in documents if document["kind"] == "Service"}
    assert route["port"] == route["endPort"] == services[route["name"]]["ports"][0]["port"]
    volume = next(volume for volume in pod(documents)["volumes"] if volume["name"] == "secrets")
    assert one(documents, "GatewayConfig")["spec"]["authRef"]["name"] == volume["secret"]["secretName"]
    settings = environment(documents)
    assert settings["DESKROOM_TURN_SECRET_FILE"]["value"] == "/run/secrets/deskroom/secret"
    ipaddress.ip_network(settings["DESKROOM_HTTP_PROXIES"]["value"])
