internal import SFU
internal import Wire

/// What the media thread knows, read when metrics are asked for.
extension MetricFamily {
    package static let transports = Self(
        "deskroom_transports",
        .gauge,
        "Connections whose peers have keys, by the way that they take: udp (which may be by a relay), tcp."
    )
    package static let mediaObjects = Self(
        "deskroom_media_objects",
        .gauge,
        "What the media thread holds, by kind."
    )
    package static let datagramsReceived = Self(
        "deskroom_media_datagrams_received_total",
        .counter,
        "Datagrams that arrived at the media port."
    )
    package static let bytesReceived = Self(
        "deskroom_media_received_bytes_total",
        .counter,
        "Bytes that arrived at the media port."
    )
    package static let datagramsSent = Self(
        "deskroom_media_datagrams_sent_total",
        .counter,
        "Datagrams that left the media port."
    )
    package static let bytesSent = Self(
        "deskroom_media_sent_bytes_total",
        .counter,
        "Bytes of RTP and RTCP that were sent, retransmissions included."
    )
    package static let datagramsDropped = Self(
        "deskroom_media_datagrams_dropped_total",
        .counter,
        """
        Datagrams that were dropped: unclaimed (of nobody), oversized, rejected (malformed, forged, replayed or of no \
        known stream), over_limit (more than somebody may send) and unsent (refused by the kernel).
        """
    )
    package static let datagramsRebound = Self(
        "deskroom_media_datagrams_rebound_total",
        .counter,
        "Datagrams from people whose address a router has changed."
    )
    package static let retransmissions = Self(
        "deskroom_rtp_retransmitted_packets_total",
        .counter,
        "Packets that were sent again, by why: missed, or only to probe the path."
    )
    package static let nacks = Self(
        "deskroom_rtp_nacked_packets_total",
        .counter,
        "Packets that receivers have asked for again."
    )
    package static let recovered = Self(
        "deskroom_rtp_recovered_packets_total",
        .counter,
        "Packets of people that arrived as retransmissions."
    )
    package static let keyFrameRequests = Self(
        "deskroom_key_frame_requests_total",
        .counter,
        "Requests for a key frame (PLI and FIR): received from viewers, and sent to sources."
    )
    package static let keyFrames = Self(
        "deskroom_key_frames_received_total",
        .counter,
        "Key frames that the desk and cameras have sent."
    )
    package static let roundTrips = Self(
        "deskroom_path_round_trip_seconds",
        .histogram(PathDistributions.roundTripBounds.map { Double($0.nanoseconds) / 1e9 }),
        "Round trips to receivers, one for each of their reports about a stream."
    )
    package static let losses = Self(
        "deskroom_path_loss_ratio",
        .histogram(PathDistributions.lossBounds),
        "Share of packets lost on the way to receivers, one for each of their reports about a stream."
    )
    package static let bandwidth = Self(
        "deskroom_path_available_bytes_per_second",
        .gauge,
        "What the paths to people are thought to carry: the narrowest, the one in the middle and the widest."
    )
    package static let wakeUps = Self(
        "deskroom_media_thread_wakeups_total",
        .counter,
        "Times that the media thread woke up."
    )
}

extension MediaReading {
    /// - Parameter write: Takes each family with its series.
    func write(_ write: (MetricFamily, [MetricSample]) -> Void) {
        write(
            .transports,
            [("tcp", connectedByTCP), ("udp", connectedByUDP)]
                .map { MetricSample([MetricLabel("way", $0.0)], .number(Double($0.1))) }
        )
        write(
            .mediaObjects,
            [
                ("consumer", worker.consumers), ("producer", worker.producers),
                ("transport", worker.transports),
            ]
            .map { MetricSample([MetricLabel("kind", $0.0)], .number(Double($0.1))) }
        )
        write(.datagramsReceived, [MetricSample(.count(worker.datagramsReceived))])
        write(.bytesReceived, [MetricSample(.count(worker.bytesReceived))])
        write(.datagramsSent, [MetricSample(.count(worker.datagramsSent))])
        write(.bytesSent, [MetricSample(.count(totals.bytesSent))])
        write(
            .datagramsDropped,
            Self.by(
                "reason",
                [
                    ("over_limit", totals.packetsOverLimit), ("oversized", worker.datagramsOversized),
                    ("rejected", totals.packetsRejected), ("unclaimed", worker.datagramsUnclaimed),
                    ("unsent", worker.datagramsUnsent),
                ]
            )
        )
        write(.datagramsRebound, [MetricSample(.count(worker.datagramsRebound))])
        write(
            .retransmissions,
            Self.by("reason", [("missed", totals.packetsRetransmitted), ("probe", totals.packetsProbing)])
        )
        write(.nacks, [MetricSample(.count(totals.packetsNacked))])
        write(.recovered, [MetricSample(.count(totals.packetsRecovered))])
        write(
            .keyFrameRequests,
            Self.by(
                "direction",
                [("received", totals.keyFrameRequestsReceived), ("sent", totals.keyFrameRequestsSent)]
            )
        )
        write(.keyFrames, [MetricSample(.count(totals.keyFramesReceived))])
        let sum = Double(paths.roundTripSum.nanoseconds) / 1e9
        write(.roundTrips, [MetricSample(.histogram(paths.roundTrips, sum: sum))])
        write(.losses, [MetricSample(.histogram(paths.losses, sum: paths.lossSum))])
        write(.bandwidth, bandwidth)
        write(.wakeUps, [MetricSample(.count(worker.wakeUps))])
    }

    private var bandwidth: [MetricSample] {
        let sorted = availableBitrates.sorted()
        guard let narrowest = sorted.first, let widest = sorted.last else { return [] }
        return [("narrowest", narrowest), ("median", sorted[sorted.count / 2]), ("widest", widest)]
            .map { MetricSample([MetricLabel("path", $0.0)], .number(Double($0.1) / 8)) }
    }

    private static func by(_ label: String, _ counts: [(String, UInt64)]) -> [MetricSample] {
        counts.map { MetricSample([MetricLabel(label, $0.0)], .count($0.1)) }
    }
}
