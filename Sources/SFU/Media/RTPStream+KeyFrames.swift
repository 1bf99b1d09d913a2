internal import WebRTC
internal import Wire

/// Where the newest key frame of a stream begins.
struct KeptKeyFrame {
    var timestamp: UInt32
    /// The number of its first packet.
    var first: UInt16
    var came: Instant
    /// Of the whole stream, before it.
    var bytes: UInt64
}

/// Key frames that were sent to others, and serve those who come after them.
extension RTPStream {
    /// The first packet of a key frame that somebody who comes now may begin with; `nil` if a new one is
    /// needed.
    ///
    /// It came just now, and everything since is kept and not too much to be sent at once. A source that is
    /// about to begin anew has nothing to do with what it sent before.
    func recentKeyFrame(now: Instant) -> UInt16? {
        guard let keyFrame = newestKeyFrame, now - keyFrame.came <= Self.recent,
            statistics.bytes - keyFrame.bytes <= Self.largestBeginning, !isPaused, !isRestartExpected
        else { return nil }
        let first = SequenceNumber(keyFrame.first)
        let count = first.distance(to: SequenceNumber(newest))
        guard count >= 0, count < DependencyDescriptors.memory,
            (0...count).allSatisfy({ store.holds(first.advanced(by: $0).rawValue, now: now) })
        else { return nil }
        return keyFrame.first
    }

    /// A packet has come that begins a key frame, or one of its layers or slices.
    func noteKeyFrame(_ header: RTPHeader, now: Instant) {
        guard let keyFrame = newestKeyFrame else { return begin(header, now: now) }
        let isEarlier = SequenceNumber(keyFrame.first).isNewer(than: SequenceNumber(header.sequenceNumber))
        guard keyFrame.timestamp == header.timestamp else {
            // One that was overtaken by the next is of no use to anybody who comes now.
            if isEarlier { statistics.keyFrames += 1 } else { begin(header, now: now) }
            return
        }
        if isEarlier { newestKeyFrame?.first = header.sequenceNumber }
    }

    private func begin(_ header: RTPHeader, now: Instant) {
        statistics.keyFrames += 1
        newestKeyFrame = KeptKeyFrame(
            timestamp: header.timestamp,
            first: header.sequenceNumber,
            came: now,
            bytes: statistics.bytes
        )
    }

    /// Those who come within a second, with their handshakes.
    private static let recent = Interval.milliseconds(1_250)
    /// Bytes: a second and more of a lively desk.
    private static let largestBeginning: UInt64 = 512 << 10
}
