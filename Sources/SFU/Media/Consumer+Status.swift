internal import WebRTC
internal import Wire

/// What is known of a consumer; nothing here changes it.
extension Consumer {
    var kind: MediaKind { producer.kind }

    func owns(_ ssrc: UInt32) -> Bool { ssrc == format.ssrc || ssrc == format.rtxSSRC }

    /// The encoding on show.
    var stream: RTPStream? { start.current.map { producer.streams[$0] } }
    var encoding: Int? { start.current }

    /// Whether a key frame begins with the packet of this number, of those sent of late.
    func hasKeyFrame(at sequence: UInt16) -> Bool { kind == .audio || spliced.hasKeyFrame(at: sequence) }

    /// The offset from the timestamps of the encoding on show to the outgoing ones, modulo 2^32.
    var timestampOffset: UInt32 { spliced.timestampOffset }

    // MARK: Layers

    /// Whether the path has no room for it.
    var isLimited: Bool { target.isLimited }

    /// What the allocator has granted; `nil`: not decided yet, or nothing.
    var granted: Allocator.Layer? { demanded.granted }

    /// What would be sent if the path were wide, bits per second.
    var wantedBitrate: Int { target.wanted.map { producer.bitrate(of: $0) } ?? 0 }

    /// A bit for each encoding, or spatial layer of the only one, that the source must go on sending for this consumer.
    var watchedLayers: UInt8 {
        if producer.hasSpatialLayers { return target.watchedSpatialLayers(of: producer.layers) }
        if let only = start.only { return target.isPaused ? 0 : 1 << UInt8(only) }
        return target.watchedEncodings(of: producer.streams.count, current: start.current)
    }

    /// What is sent now; `nil` if nothing may be sent, or before the first key frame.
    var currentLayers: MediaLayers? {
        guard !target.isLimited, let current = start.current else { return nil }
        return MediaLayers(
            spatial: producer.streams.count > 1 ? current : spliced.spatialLayer ?? 0,
            temporal: min(spliced.temporalLayer ?? 0, producer.streams[current].bitrates.highestTemporal)
        )
    }

    // MARK: Time

    /// - Parameter isPathWide: Whether the path carries so much more than what is sent that nothing is paced.
    func pollTimeout(isPathWide: Bool) -> Instant? {
        start.isBeginning || start.isCatchingUp
            ? pollBeginning(isPathWide: isPathWide) : pollTail(isPathWide: isPathWide)
    }

    @inline(never)
    private func pollBeginning(isPathWide: Bool) -> Instant? {
        // What has just come wakes it anyhow.
        if start.isBeginning, target.isActive, !producer.hasReceived { return .past }
        return [start.due, pollTail(isPathWide: isPathWide)].lazy.compactMap(\.self).min()
    }

    /// While the stream goes on coming, the next packet tells as much as a probe would.
    ///
    /// A narrow path is looked at all the same: probes begin then, too, and with fewer looks the estimate was slower.
    private func pollTail(isPathWide: Bool) -> Instant? {
        isPathWide && stream?.isSilent == false ? nil : out.tailDue
    }

    // MARK: Reports

    /// Whether a repetition has arrived.
    func isDelivered(_ sequence: UInt16) -> Bool { out.isDelivered(sequence) }

    /// The transport-wide number of the newest packet, as long as nobody knows whether it has arrived.
    var expectedArrival: UInt16? { out.expectedArrival }

    /// Whether probes can be made of this stream: its receiver takes retransmissions and tells arrival times.
    var canProbe: Bool {
        kind == .video && !target.isPaused && format.rtxSSRC != nil && format.transportWideCCID != nil
    }

    /// Packets sent, to tell whether there is news to report.
    var packets: UInt64 { out.statistics.packets }
    var roundTrip: Interval? { out.roundTrip }

    func writeReport(wallClock: NTPTime, now: Instant, into out: inout OutputRawSpan) {
        self.out.writeReport(format, at: wallClock, now: now, into: &out)
    }

    package func currentStatistics() -> ConsumerStatistics {
        var statistics = out.statistics
        statistics.isPaused = target.isPaused
        statistics.isLimited = target.isLimited
        statistics.isWaitingForKeyFrame = start.current == nil
        guard producer.kind == .video else { return statistics }
        statistics.spatialLayer = currentLayers?.spatial
        statistics.temporalLayer = currentLayers?.temporal
        return statistics
    }
}
