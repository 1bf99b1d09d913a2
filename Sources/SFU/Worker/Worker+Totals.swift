internal import IO
internal import WebRTC
internal import Wire

/// How the media of a ``Worker`` are, for a chart.
public struct MediaReading: Hashable, Sendable {
    public var worker = WorkerStatistics()
    public var totals = MediaTotals()
    public var paths = PathDistributions()
    /// WebRTC transports whose peers have keys, by what they send over; a relay (TURN) looks like any peer.
    public var connectedByUDP = 0
    public var connectedByTCP = 0
    /// What each of these paths is thought to carry, bits per second.
    public var availableBitrates: [Int] = []

    public init() {}
}

extension Worker {
    /// Everything in one piece.
    public func reading() -> MediaReading {
        var reading = core.mediaReading()
        reading.worker = statistics()
        return reading
    }
}

extension WorkerCore {
    package func mediaReading() -> MediaReading {
        var reading = MediaReading()
        var totals = departed
        for transport in transports {
            let statistics = transport.currentStatistics()
            totals.add(statistics)
            for producer in transport.producers { totals.add(producer.currentStatistics()) }
            for consumer in transport.egress.consumers { totals.add(consumer.currentStatistics()) }
            guard transport is WebRTCTransport, statistics.dtlsState == .connected else { continue }
            if statistics.remoteAddress?.isConnection == true {
                reading.connectedByTCP += 1
            } else {
                reading.connectedByUDP += 1
            }
            if let bitrate = statistics.availableBitrate { reading.availableBitrates.append(bitrate) }
        }
        reading.totals = totals
        reading.paths = shared.paths.distributions
        return reading
    }
}
