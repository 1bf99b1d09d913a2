internal import IO
package import Wire

/// All that is known of one transport and of what goes through it, at one moment.
public struct TransportReport: Hashable, Sendable {
    /// A stream that is received.
    public struct Inbound: Hashable, Sendable {
        public var producer: ProducerID
        public var codec: RTPCodecParameters?
        public var statistics: ProducerStatistics
    }

    /// A stream that is sent.
    public struct Outbound: Hashable, Sendable {
        public var consumer: ConsumerID
        public var producer: ProducerID
        public var kind: MediaKind
        public var codec: RTPCodecParameters?
        public var ssrc: UInt32?
        public var statistics: ConsumerStatistics
    }

    /// A data channel that the peer has opened.
    public struct Data: Hashable, Sendable {
        public var producer: DataProducerID
        public var label: String
    }

    public var id: TransportID
    public var statistics: TransportStatistics
    public var inbound: [Inbound] = []
    public var outbound: [Outbound] = []
    public var data: [Data] = []
}

extension Worker {
    /// Of every transport, in order of making.
    public func reports() -> [TransportReport] { core.reports(now: .now()) }
}

extension WorkerCore {
    package func reports(now: Instant) -> [TransportReport] {
        transports.map { transport in
            var report = TransportReport(id: transport.id, statistics: transport.currentStatistics())
            report.inbound = transport.producers.map { producer in
                TransportReport.Inbound(
                    producer: producer.id,
                    codec: producer.parameters.codecs.first { $0.codec != .rtx },
                    statistics: producer.currentStatistics(now: now)
                )
            }
            report.outbound = transport.egress.consumers.map { consumer in
                TransportReport.Outbound(
                    consumer: consumer.id,
                    producer: consumer.producer.id,
                    kind: consumer.kind,
                    codec: consumer.parameters.rtp.codecs.first { $0.codec != .rtx },
                    ssrc: consumer.parameters.rtp.encodings.first?.ssrc,
                    statistics: consumer.currentStatistics()
                )
            }
            report.data = data.labels(on: transport).map { TransportReport.Data(producer: $0, label: $1) }
            return report
        }
    }
}
