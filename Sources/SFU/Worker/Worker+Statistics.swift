internal import IO
internal import Wire

extension Worker {
    public func statistics() -> WorkerStatistics {
        var statistics = core.statistics
        statistics.transports = core.transports.count
        statistics.producers = core.producers.count
        statistics.consumers = core.consumers.count
        statistics.datagramsOversized = UInt64(port.counters.oversized)
        statistics.datagramsSent = UInt64(port.counters.sent)
        statistics.messagesSent = UInt64(port.counters.messages)
        statistics.sendCalls = UInt64(port.counters.sendCalls)
        statistics.datagramsUnsent = UInt64(port.counters.unsent + queue.dropped)
        statistics.wakeUps = wakeUps
        return statistics
    }

    public func statistics(of id: TransportID) throws(SFUError) -> TransportStatistics {
        try core.transport(id).currentStatistics()
    }

    public func statistics(of id: ProducerID) throws(SFUError) -> ProducerStatistics {
        try core.producer(id).currentStatistics(now: .now())
    }

    /// What a pipe's consumer has sent (``pipe(_:on:isPaused:)``), each encoding by itself, lowest first.
    public func pipeStatistics(of id: ConsumerID) throws(SFUError) -> [ConsumerStatistics] {
        try core.pipeStatistics(id)
    }

    public func statistics(of id: ConsumerID) throws(SFUError) -> ConsumerStatistics {
        try core.consumer(id).currentStatistics()
    }

    /// What the timestamps of the encoding on show are moved by for this consumer, modulo 2^32.
    public func timestampOffset(of id: ConsumerID) throws(SFUError) -> UInt32 {
        try core.consumer(id).timestampOffset
    }
}
