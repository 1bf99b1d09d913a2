internal import Access
internal import RemoteControl
internal import SFU
internal import Wire

/// The media of everybody in numbers, in the shape of W3C's `RTCStatsReport` and with mediasoup's kinds of objects: people
/// are numbers, and addresses are left out.
struct APIStatistics: Sendable {
    let session: Session
    let worker: Worker
    let name: String

    func report() async -> JSONObject {
        let reports = await worker.reports()
        let time = RoomClock.milliseconds
        let owners = await owners(of: reports.map(\.id))
        var stats: [Members] = []
        for report in reports {
            let owner = owners[report.id]
            let common: Members = [
                ("timestamp", .integer(time)),
                ("person", owner.map { .integer(Int64(clamping: $0.person.rawValue)) }),
            ]
            let direction = owner.map { $0.publishes ? "publish" : "subscribe" } ?? "desk"
            stats.append(Self.transport(report, direction, common))
            for stream in report.inbound { stats += Self.inbound(stream, of: report.id, common) }
            for stream in report.outbound { stats.append(Self.outbound(stream, of: report.id, common)) }
            for channel in report.data { stats.append(Self.data(channel, of: report.id, common)) }
        }
        return JSONObject([
            "session": .string(name), "timestamp": .integer(time),
            "stats": .array(stats.map { .object(JSONObject($0)) }),
        ])
    }

    @SessionActor private func owners(
        of transports: [TransportID]
    ) -> [TransportID: (person: ParticipantID, publishes: Bool)] {
        transports.reduce(into: [:]) { $0[$1] = session.owner(of: $1) }
    }

    private typealias Members = [(name: String, value: JSONValue?)]

    private static func transport(
        _ report: TransportReport,
        _ direction: String,
        _ common: Members
    ) -> Members {
        let statistics = report.statistics
        return common + [
            ("id", name(report.id)), ("type", .string("transport")), ("direction", .string(direction)),
            ("iceState", .string("\(statistics.iceState)")),
            ("dtlsState", .string("\(statistics.dtlsState)")),
            ("sctpState", .string("\(statistics.sctpState)")),
            ("packetsReceived", count(statistics.packetsReceived)),
            ("bytesReceived", count(statistics.bytesReceived)),
            ("packetsSent", count(statistics.packetsSent)), ("bytesSent", count(statistics.bytesSent)),
            ("packetsRejected", count(statistics.packetsRejected)),
            ("packetsOverLimit", count(statistics.packetsOverLimit)),
            ("availableOutgoingBitrate", statistics.availableBitrate.map { .integer(Int64($0)) }),
        ]
    }

    /// Each encoding is a stream of its own.
    private static func inbound(
        _ stream: TransportReport.Inbound,
        of transport: TransportID,
        _ common: Members
    ) -> [Members] {
        stream.statistics.encodings.enumerated().map { index, encoding in
            common + [
                ("id", .string("inbound-rtp-\(stream.producer.rawValue)-\(index)")),
                ("type", .string("inbound-rtp")), ("transportId", name(transport)),
                ("producerId", .string("producer-\(stream.producer.rawValue)")),
                ("kind", .string("\(stream.statistics.kind)")), ("mimeType", mimeType(stream.codec)),
                ("ssrc", encoding.ssrc.map { .integer(Int64($0)) }),
                ("rid", encoding.rid.map { .string($0) }),
                ("packetsReceived", count(encoding.packets)), ("bytesReceived", count(encoding.bytes)),
                ("packetsLost", .integer(encoding.lost)),
                ("retransmittedPacketsReceived", count(encoding.recovered)),
                ("jitter", seconds(encoding.jitter, stream.codec)),
                ("keyFramesReceived", count(encoding.keyFrames)),
                ("pliCount", count(encoding.keyFrameRequests)),
                ("bitrate", encoding.bitrates.last.map { .integer(Int64($0)) }),
            ]
        }
    }

    private static func outbound(
        _ stream: TransportReport.Outbound,
        of transport: TransportID,
        _ common: Members
    ) -> Members {
        let statistics = stream.statistics
        return common + [
            ("id", .string("outbound-rtp-\(stream.consumer.rawValue)")), ("type", .string("outbound-rtp")),
            ("transportId", name(transport)), ("producerId", .string("producer-\(stream.producer.rawValue)")),
            ("kind", .string("\(stream.kind)")), ("mimeType", mimeType(stream.codec)),
            ("ssrc", stream.ssrc.map { .integer(Int64($0)) }), ("packetsSent", count(statistics.packets)),
            ("bytesSent", count(statistics.bytes)),
            ("retransmittedPacketsSent", count(statistics.retransmitted)),
            ("packetsNacked", count(statistics.packetsNacked)),
            ("pliCount", count(statistics.keyFrameRequests)),
            ("fractionLost", .number(statistics.fractionLost)), ("packetsLost", .integer(statistics.lost)),
            ("jitter", seconds(statistics.jitter, stream.codec)),
            ("roundTripTime", statistics.roundTripTime.map { .number(Double($0.nanoseconds) / 1e9) }),
            ("active", .bool(!statistics.isPaused && !statistics.isLimited)),
            ("limitedByPath", .bool(statistics.isLimited)),
            ("spatialLayer", statistics.spatialLayer.map { .integer(Int64($0)) }),
            ("temporalLayer", statistics.temporalLayer.map { .integer(Int64($0)) }),
        ]
    }

    private static func data(
        _ channel: TransportReport.Data,
        of transport: TransportID,
        _ common: Members
    ) -> Members {
        common + [
            ("id", .string("data-producer-\(channel.producer.rawValue)")), ("type", .string("data-producer")),
            ("transportId", name(transport)),
            // Others are whatever a page has made up.
            ("label", .string(labels.contains(channel.label) ? channel.label : "other")),
        ]
    }

    private static let labels: Set = ["chat", "control"]

    private static func name(_ transport: TransportID) -> JSONValue {
        .string("transport-\(transport.rawValue)")
    }
    private static func count(_ number: UInt64) -> JSONValue { .integer(Int64(clamping: number)) }

    private static func mimeType(_ codec: RTPCodecParameters?) -> JSONValue? {
        codec.map { .string("\($0.codec.kind)/\($0.codec.rawValue)") }
    }

    private static func seconds(_ ticks: UInt32, _ codec: RTPCodecParameters?) -> JSONValue? {
        codec.flatMap { $0.clockRate == 0 ? nil : .number(Double(ticks) / Double($0.clockRate)) }
    }
}
