internal import Participant
internal import Wire

/// Counters of a crowd when a measurement begins, to be compared with what they are later.
struct Measurement {
    private let begun: Instant
    private var received: [UInt32: ReceivedStream.Statistics] = [:]
    private var sent: [ObjectIdentifier: Sent] = [:]
    private var total = Traffic()

    private struct Sent {
        var packets: Int
        var frames: Int
        var keyFrames: Int
        var requests: Int
        var retransmitted: Int

        init(_ stream: PublishedStream) {
            packets = stream.packets
            frames = Int(stream.frames)
            keyFrames = stream.keyFrames
            requests = stream.keyFrameRequests
            retransmitted = stream.retransmitted
        }
    }

    init(_ members: [Member], now: Instant) {
        begun = now
        for member in members {
            member.subscribe?.participant.beginMeasurement()
            for stream in member.subscribe?.participant.streams ?? [] {
                received[stream.parameters.ssrc] = stream.statistics
            }
            for stream in member.publish?.participant.published ?? [] {
                sent[ObjectIdentifier(stream)] = Sent(stream)
            }
        }
        total = Self.traffic(members)
    }

    func report(_ members: [Member], now: Instant) -> Report {
        let seconds = Double((now - begun).nanoseconds) / 1e9
        return Report(
            seconds: seconds,
            people: members.map { person($0, seconds) },
            traffic: Self.traffic(members).since(total),
            problems: members.compactMap { member in member.problem.map { "native \(member.number): \($0)" }
            },
            joining: members.compactMap { member in member.connected.map { ($0 - member.begun).milliseconds }
            }
        )
    }

    static func traffic(_ members: [Member]) -> Traffic {
        var traffic = Traffic()
        for member in members { traffic.add(member.traffic) }
        return traffic
    }

    private func person(_ member: Member, _ seconds: Double) -> Report.Person {
        Report.Person(
            number: member.number,
            person: member.person ?? 0,
            joining: member.connected.map { ($0 - member.begun).milliseconds },
            problem: member.problem,
            farewells: member.farewells,
            driven: member.driver?.sent ?? 0,
            sent: (member.publish?.participant.published ?? []).map { stream in
                let after = Sent(stream)
                let before = sent[ObjectIdentifier(stream)]
                return Report.Sent(
                    rid: stream.parameters.rid ?? "",
                    packets: after.packets - (before?.packets ?? 0),
                    frames: after.frames - (before?.frames ?? 0),
                    keyFrames: after.keyFrames - (before?.keyFrames ?? 0),
                    keyFrameRequests: after.requests - (before?.requests ?? 0),
                    retransmitted: after.retransmitted - (before?.retransmitted ?? 0)
                )
            },
            received: member.tracks.values.compactMap { track, ssrc in
                guard let stream = member.subscribe?.participant.stream(ssrc) else { return nil }
                return self.track(track, stream, seconds)
            }
        )
    }

    private func track(_ track: RoomSignal.Track, _ stream: ReceivedStream, _ seconds: Double) -> Report.Track
    {
        let after = stream.statistics
        // One that has come since counts from its beginning.
        let before = received[stream.parameters.ssrc]
        return Report.Track(
            person: track.person,
            source: track.source == "desk"
                ? (stream.parameters.isVideo ? "desk" : "desk sound") : track.source,
            packets: after.packets - (before?.packets ?? 0),
            frames: after.frames - (before?.frames ?? 0),
            keyFrames: after.keyFrames - (before?.keyFrames ?? 0),
            missing: after.missing - (before?.missing ?? 0),
            lost: after.lost - (before?.lost ?? 0),
            longestGap: after.longestGap.milliseconds,
            height: after.height,
            bitrate: Int(Double((after.bytes - (before?.bytes ?? 0)) * 8) / max(seconds, 0.001))
        )
    }
}

extension Member {
    /// Everything that reached this member so far.
    var traffic: Traffic {
        var traffic = ended
        for stream in subscribe?.participant.streams ?? [] { traffic.add(stream.statistics) }
        return traffic
    }
}
