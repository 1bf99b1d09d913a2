internal import Wire

/// The flight that was sent last, to be sent again with new record numbers: nobody takes a number twice.
struct DTLSSentFlight {
    private struct Record {
        var content: DTLSRecord.Content
        var version: UInt16
        var isProtected: Bool
        var body: [UInt8]
    }

    /// Where the numbers of epoch 0 stand; those of epoch 1 are the record layer's.
    final class Numbers {
        fileprivate var next: UInt64 = 0
    }

    /// Shared by all flights to one peer.
    let numbers: Numbers

    private var datagrams: [[Record]] = []

    init(numbers: Numbers = Numbers()) {
        self.numbers = numbers
    }

    /// Takes what OpenSSL wrote in place of the flight before.
    ///
    /// - Parameter own: opens our own records of epoch 1.
    mutating func replace(with output: [[UInt8]], own: DTLSRecordProtection?) {
        datagrams = output.map { Self.records($0, own: own) }
    }

    private static func records(_ datagram: [UInt8], own: DTLSRecordProtection?) -> [Record] {
        let bytes = datagram.span.bytes
        var records: [Record] = [], offset = 0
        while let record = DTLSRecord(bytes, at: offset) {
            offset = record.range.upperBound
            var body = Array(datagram[record.body])
            if record.epoch > 0 {
                let count = body.withUnsafeMutableBytes { own?.open(record, of: bytes, into: $0) }
                guard let count else { continue }
                body.removeLast(body.count - count)
            }
            records.append(
                Record(
                    content: record.content,
                    version: record.version,
                    isProtected: record.epoch > 0,
                    body: body
                )
            )
        }
        return records
    }

    /// The messages of a server's flight, as signatures cover them.
    var transcript: [UInt8] {
        var flight = DTLSFlight(DTLSFlight.server)
        for record in datagrams.joined() where record.content == .handshake && !record.isProtected {
            let bytes = record.body.span.bytes
            var offset = 0
            while let fragment = DTLSFragment(bytes, at: offset, end: bytes.byteCount) {
                _ = flight.insert(fragment, of: bytes)
                offset = fragment.body.upperBound
            }
        }
        return flight.complete?.flatMap(\.unfragmented) ?? []
    }

    /// Sends the flight, for the first time or again.
    func send(
        to destination: SocketAddress,
        protection: DTLSRecordProtection?,
        into queue: inout TransmitQueue
    ) {
        for datagram in datagrams {
            queue.append(to: destination) { out in
                for record in datagram {
                    if record.isProtected {
                        _ = protection?.seal(record.content, record.body.span.bytes, into: &out)
                    } else {
                        let bytes = DTLSRecord.plain(
                            record.content,
                            version: record.version,
                            number: numbers.next,
                            record.body
                        )
                        out.append(copying: bytes.span.bytes)
                        numbers.next += 1
                    }
                }
            }
        }
    }
}
