internal import Access
internal import RemoteControl
internal import Wire

/// What the session knows, read when metrics are asked for.
extension MetricFamily {
    package static let people = Self("deskroom_people", .gauge, "People in the room, by role.")
    package static let waiting = Self("deskroom_people_waiting", .gauge, "People who wait to be let in.")
    package static let controlled = Self(
        "deskroom_control_held",
        .gauge,
        "Whether somebody has control of the desk."
    )
    package static let inputs = Self(
        "deskroom_control_events_total",
        .counter,
        "Control events that reached the room: forwarded to the desk, or undelivered because it was away."
    )
    package static let inputsRefused = Self(
        "deskroom_control_events_refused_total",
        .counter,
        "Control events that went no further, by reason."
    )
    package static let inputDelay = Self(
        "deskroom_control_delay_seconds",
        .histogram(DelayHistogram.bounds),
        "From the arrival of a control event's packet to the desk's socket."
    )
    package static let deskConnected = Self(
        "deskroom_desk_connected",
        .gauge,
        "Whether a desk process is connected."
    )
    package static let deskFrames = Self(
        "deskroom_desk_frames_total",
        .counter,
        "Frames of the desk since its process began: captured, encoded, and encoded again without a change."
    )
    package static let deskKeyFrames = Self(
        "deskroom_desk_key_frames_total",
        .counter,
        "Key frames that the desk process has encoded since it began."
    )
    package static let deskDropped = Self(
        "deskroom_desk_packets_dropped_total",
        .counter,
        "Packets of the desk that the kernel refused, since its process began."
    )
    package static let deskBytes = Self(
        "deskroom_desk_sent_bytes_total",
        .counter,
        "Bytes of RTP that the desk process has sent since it began."
    )
    package static let deskLatency = Self(
        "deskroom_desk_encode_seconds",
        .gauge,
        "From the capture of a frame to its packets being sent, the encoder's work: the slowest stream's median of late."
    )
    package static let deskInputs = Self(
        "deskroom_desk_input_events_total",
        .counter,
        "Control events in the desk process since it began: injected into the X server, or dropped."
    )
    package static let auditKept = Self(
        "deskroom_audit_kept",
        .gauge,
        "Whether entries of the audit reach the disk; missing where none is kept."
    )
    package static let auditEntries = Self(
        "deskroom_audit_entries_total",
        .counter,
        "Entries of the audit: written, and lost because too many waited."
    )
    package static let auditErrors = Self(
        "deskroom_audit_errors_total",
        .counter,
        "Times that the audit could not be written."
    )
    package static let auditWaiting = Self(
        "deskroom_audit_entries_waiting",
        .gauge,
        "Entries of the audit that wait for the disk."
    )
}

extension RoomReading {
    /// - Parameter write: Takes each family with its series.
    func write(_ write: (MetricFamily, [MetricSample]) -> Void) {
        media.write(write)
        write(
            .people,
            Role.allCases.map {
                MetricSample([MetricLabel("role", $0.rawValue)], .number(Double(people[$0] ?? 0)))
            }
        )
        write(.waiting, [MetricSample(.number(Double(waiting)))])
        write(.controlled, [MetricSample(.number(isControlled ? 1 : 0))])
        writeControl(write)
        write(.deskConnected, [MetricSample(.number(isDeskConnected ? 1 : 0))])
        writeDesk(write)
        writeAudit(write)
    }

    private func writeControl(_ write: (MetricFamily, [MetricSample]) -> Void) {
        let outcomes = control.map { [("forwarded", $0.forwarded), ("undelivered", $0.undelivered)] } ?? []
        write(.inputs, outcomes.map { MetricSample([MetricLabel("outcome", $0.0)], .count($0.1)) })
        write(
            .inputsRefused,
            control.map { control in
                ControlLease.Refusal.allCases.map {
                    MetricSample([MetricLabel("reason", "\($0)")], .count(control.refused[$0]))
                }
            } ?? []
        )
        write(
            .inputDelay,
            control.map { [MetricSample(.histogram($0.delay.counts, sum: $0.delay.seconds))] } ?? []
        )
    }

    private func writeDesk(_ write: (MetricFamily, [MetricSample]) -> Void) {
        func one(_ family: MetricFamily, _ value: KeyPath<DeskStatistics, UInt64>) {
            write(family, desk.map { [MetricSample(.count($0[keyPath: value]))] } ?? [])
        }
        func several(
            _ family: MetricFamily,
            _ label: String,
            _ values: [(String, KeyPath<DeskStatistics, UInt64>)]
        ) {
            write(
                family,
                desk.map { desk in
                    values.map { MetricSample([MetricLabel(label, $0.0)], .count(desk[keyPath: $0.1])) }
                } ?? []
            )
        }
        several(
            .deskFrames,
            "step",
            [("captured", \.framesCaptured), ("encoded", \.framesEncoded), ("repeated", \.framesRepeated)]
        )
        one(.deskKeyFrames, \.keyFrames)
        one(.deskDropped, \.packetsDropped)
        one(.deskBytes, \.bytesSent)
        let latency = desk.flatMap { $0.latency == 0 ? nil : Double($0.latency) / 1e6 }
        write(.deskLatency, latency.map { [MetricSample(.number($0))] } ?? [])
        several(.deskInputs, "outcome", [("dropped", \.eventsDropped), ("injected", \.eventsInjected)])
    }

    private func writeAudit(_ write: (MetricFamily, [MetricSample]) -> Void) {
        write(.auditKept, audit.map { [MetricSample(.number($0.isKeepingUp ? 1 : 0))] } ?? [])
        let outcomes = audit.map { [("lost", $0.lost), ("written", $0.written)] } ?? []
        write(.auditEntries, outcomes.map { MetricSample([MetricLabel("outcome", $0.0)], .count($0.1)) })
        write(.auditErrors, audit.map { [MetricSample(.count($0.failed))] } ?? [])
        write(.auditWaiting, audit.map { [MetricSample(.number(Double($0.waiting)))] } ?? [])
    }
}
