package import Access

/// Something that happened in the room, as OpenTelemetry's log records have it: a name and facts about nobody by name.
///
/// People are numbers, which mean something in this session only.
package struct RoomEvent: Hashable, Sendable {
    package enum Name: String, CaseIterable, Hashable, Sendable {
        case connectionFailed = "deskroom.connection.failed"
        case controlEnded = "deskroom.control.ended"
        case controlGranted = "deskroom.control.granted"
        case deskConnected = "deskroom.desk.connected"
        case deskLost = "deskroom.desk.lost"
        case personJoined = "deskroom.person.joined"
        case personLeft = "deskroom.person.left"
        case personRefused = "deskroom.person.refused"
        case programRestarted = "deskroom.program.restarted"
        case qualityChanged = "deskroom.quality.changed"
        case sessionBegun = "deskroom.session.begun"
        case sessionDraining = "deskroom.session.draining"
        case sessionEnded = "deskroom.session.ended"
    }

    /// SeverityNumber of OpenTelemetry's logs data model.
    package enum Severity: Int64, Hashable, Sendable {
        case info = 9
        case warning = 13
        case error = 17

        var text: String {
            switch self {
            case .info: "INFO"
            case .warning: "WARN"
            case .error: "ERROR"
            }
        }
    }

    package enum Value: Hashable, Sendable {
        case number(Int64)
        case text(String)
    }

    package var name: Name
    package var attributes: [String: Value]

    package init(_ name: Name, _ attributes: [String: Value] = [:]) {
        self.name = name
        self.attributes = attributes
    }

    package var severity: Severity {
        switch name {
        case .connectionFailed, .deskLost, .personRefused, .programRestarted: .warning
        case .controlEnded, .controlGranted, .deskConnected, .personJoined, .personLeft, .qualityChanged,
            .sessionBegun, .sessionDraining, .sessionEnded:
            .info
        }
    }
}

/// An event with its number in this session and the time at which it happened.
package struct NumberedEvent: Hashable, Sendable {
    /// From 1 on, without gaps.
    package var number: UInt64
    /// Nanoseconds since 1970.
    package var time: Int64
    package var event: RoomEvent

    package init(number: UInt64, time: Int64, event: RoomEvent) {
        self.number = number
        self.time = time
        self.event = event
    }

    /// As a log record of OTLP's JSON encoding, with the resource beside it.
    ///
    /// - Parameters:
    ///   - session: The `service.instance.id`.
    ///   - lost: How many events before it cannot be told any more.
    package func json(session: String, lost: UInt64 = 0) -> JSONObject {
        var attributes = event.attributes
        attributes["deskroom.event.number"] = .number(Int64(clamping: number))
        if lost > 0 { attributes["deskroom.events.lost"] = .number(Int64(clamping: lost)) }
        return JSONObject([
            "timeUnixNano": .string(String(time)), "severityNumber": .integer(event.severity.rawValue),
            "severityText": .string(event.severity.text), "eventName": .string(event.name.rawValue),
            "attributes": Self.list(attributes),
            "resource": .object(
                JSONObject([
                    "attributes": Self.list([
                        "service.name": .text("deskroom"), "service.instance.id": .text(session),
                    ])
                ])
            ),
        ])
    }

    /// KeyValue of OTLP: whole numbers are strings there, as 64 bits do not fit into JSON's numbers.
    private static func list(_ attributes: [String: RoomEvent.Value]) -> JSONValue {
        .array(
            attributes.sorted { $0.key < $1.key }.map { key, value in
                let typed: JSONValue =
                    switch value {
                    case .number(let number): .object(JSONObject(["intValue": .string(String(number))]))
                    case .text(let text): .object(JSONObject(["stringValue": .string(text)]))
                    }
                return .object(JSONObject(["key": .string(key), "value": typed]))
            }
        )
    }
}
