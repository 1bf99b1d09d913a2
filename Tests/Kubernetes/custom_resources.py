"""Strict schemas of the fields that container/kubernetes uses of the Gateway API 1 and of STUNner 1.

Written from their published references, since no package has them: what is not named here is refused, also where the real
resource has it. A field that a manifest begins to use has to be added, and looked up.
"""


def mapping(required=(), **properties):
    return {
        "type": "object",
        "properties": {name.rstrip("_"): schema for name, schema in properties.items()},
        "required": list(required),
        "additionalProperties": False,
    }


def listing(items, most=16):
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


NAME = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253}
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
METADATA = mapping(
    ["name"],
    name=NAME,
    namespace=NAME,
    labels={"type": "object", "additionalProperties": {"type": "string"}},
    annotations={"type": "object", "additionalProperties": {"type": "string"}},
)


def resource(**spec):
    return mapping(
        ["apiVersion", "kind", "metadata", "spec"],
        apiVersion={"type": "string"}, kind={"type": "string"}, metadata=METADATA, **spec,
    )


SCHEMAS = {
    ("gateway.networking.k8s.io/v1", "GatewayClass"): resource(
        spec=mapping(
            # STUNner wants the parameters, the Gateway API does not.
            ["controllerName", "parametersRef"],
            controllerName={"const": "stunner.l7mp.io/gateway-operator"},
            parametersRef=mapping(
                ["group", "kind", "name", "namespace"],
                group={"const": "stunner.l7mp.io"}, kind={"const": "GatewayConfig"}, name=NAME, namespace=NAME,
            ),
        )
    ),
    ("gateway.networking.k8s.io/v1", "Gateway"): resource(
        spec=mapping(
            ["gatewayClassName", "listeners"],
            gatewayClassName=NAME,
            listeners=listing(
                mapping(
                    ["name", "port", "protocol"],
                    name=NAME, port=PORT,
                    protocol={"enum": ["TURN-UDP", "TURN-TCP", "TURN-TLS", "TURN-DTLS"]},
                ),
                64,
            ),
        )
    ),
    ("stunner.l7mp.io/v1", "GatewayConfig"): resource(
        spec=mapping(
            realm={"type": "string"},
            authRef=mapping(["name"], name=NAME, namespace=NAME),
        )
    ),
    ("stunner.l7mp.io/v1", "UDPRoute"): resource(
        spec=mapping(
            ["rules"],
            parentRefs=listing(mapping(["name"], name=NAME, namespace=NAME), 32),
            rules=listing(
                mapping(
                    ["backendRefs"],
                    backendRefs=listing(mapping(["name"], name=NAME, namespace=NAME, port=PORT, endPort=PORT)),
                )
            ),
        )
    ),
}
