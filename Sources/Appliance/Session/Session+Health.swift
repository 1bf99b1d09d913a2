internal import RemoteControl
internal import SFU
internal import Wire

extension Session {
    /// Numbers for who watches over many rooms.
    package func health() async -> RoomHealth {
        let statistics = await worker.statistics()
        let control = await relay.statistics
        var health = RoomHealth()
        health.people = participants.count
        health.isDeskConnected = isDeskConnected
        health.deskStreams = wantedStreams.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" }
        health.control.forwarded = control.forwarded
        health.control.refused = control.refused.total
        health.control.undelivered = control.undelivered
        health.control.delayMedian = control.delay.percentile(0.5).map { $0.nanoseconds / 1_000 }
        health.control.delay95 = control.delay.percentile(0.95).map { $0.nanoseconds / 1_000 }
        health.media.transports = statistics.transports
        health.media.datagramsReceived = statistics.datagramsReceived
        health.media.datagramsSent = statistics.datagramsSent
        health.media.datagramsUnclaimed = statistics.datagramsUnclaimed
        health.media.datagramsStray = statistics.datagramsStray
        health.media.datagramsUnsent = statistics.datagramsUnsent
        return health
    }
}
