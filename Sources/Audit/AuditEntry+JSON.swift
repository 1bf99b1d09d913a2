internal import Access

extension AuditEntry {
    /// The word by which an entry is known, and its details in their order.
    var members: (event: String, details: KeyValuePairs<String, JSONValue?>) {
        switch self {
        case .joined(let person, let token): ("joined", person.members(token: token))
        case .refused(let reason, let subject):
            ("refused", ["reason": .string(reason.word), "subject": subject?.json])
        case .waiting(let person): ("waiting", person.members(token: nil))
        case .admitted(let person, let actor): ("admitted", ["person": person.json, "by": actor.json])
        case .left(let person, let departure):
            ("left", ["person": person.json, "reason": .string(departure.rawValue)])
        case .consent(let what, let step, let wording, let person, let driver):
            (
                "consent",
                [
                    "to": .string(what.rawValue), "step": .string(step.rawValue), "wording": wording?.json,
                    "person": person.json, "driver": driver?.json,
                ]
            )
        case .lease(let number, let step, let person, let actor):
            (
                "lease",
                [
                    "lease": number?.json, "step": .string(step.word), "person": person.json,
                    "by": actor.json,
                    "reason": step.reason, "rights": step.rights?.json, "seconds": step.seconds,
                ]
            )
        case .curtain(let isOn, let actor): ("curtain", ["on": .bool(isOn), "by": actor.json])
        case .mask(let isOn, let count, let actor):
            ("mask", ["on": .bool(isOn), "count": .integer(Int64(count)), "by": actor.json])
        case .heardByDesk(let person, let isOn, let actor):
            ("heardByDesk", ["person": person.json, "on": .bool(isOn), "by": actor.json])
        case .rights(let person, let rights, let actor):
            ("rights", ["person": person.json, "rights": rights.json, "by": actor.json])
        case .file(let file, let person):
            (
                "file",
                [
                    "person": person.json, "direction": .string(file.direction.rawValue),
                    "nameLength": .integer(Int64(file.nameLength)), "size": .integer(file.size),
                    "sha256": file.digest.json,
                ]
            )
        case .clipboard(let transfer, let person):
            (
                "clipboard",
                [
                    "person": person.json, "direction": .string(transfer.direction.rawValue),
                    "flavours": .array(transfer.flavours.map { .string($0.rawValue) }),
                    "size": .integer(Int64(transfer.size)),
                ]
            )
        case .recording(let step, let actor):
            (
                "recording",
                [
                    "step": .string(step.word), "by": actor.json,
                    "size": step.result.map { .integer($0.size) },
                    "sha256": step.result?.digest.json,
                ]
            )
        case .reset(let step, let actor): ("reset", step.members(by: actor.json))
        case .tokenMinted(let id, let subject, let role, let expires, let actor):
            (
                "tokenMinted",
                [
                    "token": id.json, "subject": subject.json, "role": role.map { .string($0.rawValue) },
                    "expires": .integer(expires), "by": actor.json,
                ]
            )
        case .tokenWithdrawn(let id, let actor): ("tokenWithdrawn", ["token": id.json, "by": actor.json])
        case .subjectWithdrawn(let subject, let actor):
            ("subjectWithdrawn", ["subject": subject.json, "by": actor.json])
        case .ended(let end): ("ended", ["reason": .string(end.rawValue)])
        case .clockSet(let step): ("clockSet", ["milliseconds": .integer(step)])
        case .recovered(let bytes): ("recovered", ["bytes": .integer(Int64(bytes))])
        }
    }
}

extension AuditPerson {
    fileprivate func members(token: Identifier?) -> KeyValuePairs<String, JSONValue?> {
        [
            "person": number.json, "subject": subject?.json, "role": .string(role.rawValue),
            "token": token?.json, "outside": outside.map { .string($0) },
        ]
    }
}

extension AuditActor {
    fileprivate var json: JSONValue {
        switch self {
        case .api: .string("api")
        case .person(let number): number.json
        case .room: .string("room")
        }
    }
}

extension AuditRefusal {
    fileprivate var word: String {
        switch self {
        case .missingToken: "missingToken"
        case .noPlaceLeft: "noPlaceLeft"
        case .token(let code): code.rawValue
        case .turnedAway: "turnedAway"
        }
    }
}

extension AuditLeaseStep {
    fileprivate var word: String {
        switch self {
        case .asked: "asked"
        case .declined: "declined"
        case .ended: "ended"
        case .granted: "granted"
        }
    }

    fileprivate var reason: JSONValue? {
        guard case .ended(let end) = self else { return nil }
        return .string(end.rawValue)
    }

    fileprivate var rights: Rights? {
        guard case .granted(let rights, _) = self else { return nil }
        return rights
    }

    fileprivate var seconds: JSONValue? {
        guard case .granted(_, let seconds?) = self else { return nil }
        return .integer(Int64(seconds))
    }
}

extension AuditRecordingStep {
    fileprivate var word: String {
        switch self {
        case .paused: "paused"
        case .resumed: "resumed"
        case .started: "started"
        case .stopped: "stopped"
        }
    }

    fileprivate var result: (size: Int64, digest: SHA256Digest)? {
        guard case .stopped(let size, let digest) = self else { return nil }
        return (size, digest)
    }
}

extension Identifier {
    fileprivate var json: JSONValue { .string(text) }
}

extension Rights {
    fileprivate var json: JSONValue { .array(names.map { .string($0) }) }
}

extension SHA256Digest {
    fileprivate var json: JSONValue { .string(description) }
}

extension UInt64 {
    /// Numbers of people and leases count from 1 on.
    fileprivate var json: JSONValue { .integer(Int64(clamping: self)) }
}
