package import GstBridge
package import RemoteControl
internal import Wire

/// What the desk process has done since it started, streams that are not made any more included: it never falls.
package struct DeskTally {
    private var last: [CaptureStream: StreamStatistics] = [:]
    /// Of streams that have ended, or begun anew.
    private var ended = StreamStatistics()

    package init() {}

    package mutating func statistics(
        _ media: DeskMediaStatistics,
        _ input: (injected: UInt64, dropped: UInt64)
    ) -> DeskStatistics {
        let streams = media.streams.filter { $0.key.isVideo }
        for (name, old) in last where streams[name].map({ $0.packets < old.packets }) ?? true {
            ended.add(old)
        }
        last = streams
        var sum = ended
        for stream in streams.values { sum.add(stream) }
        var statistics = DeskStatistics()
        statistics.framesCaptured = UInt64(clamping: media.capture.frames)
        statistics.framesRepeated = UInt64(clamping: media.capture.repeatedFrames)
        statistics.framesEncoded = UInt64(clamping: sum.frames)
        statistics.keyFrames = UInt64(clamping: sum.keyFrames)
        statistics.bytesSent = UInt64(clamping: sum.bytes)
        statistics.packetsDropped = UInt64(clamping: sum.dropped)
        let latency = streams.values.compactMap(\.latency).max()
        statistics.latency = UInt64(clamping: (latency?.nanoseconds ?? 0) / 1_000)
        statistics.eventsInjected = input.injected
        statistics.eventsDropped = input.dropped
        return statistics
    }
}

extension StreamStatistics {
    fileprivate mutating func add(_ other: StreamStatistics) {
        frames += other.frames
        keyFrames += other.keyFrames
        bytes += other.bytes
        dropped += other.dropped
    }
}
