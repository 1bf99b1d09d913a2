import Wire

/// Datagrams that anybody can make who knows a peer's address and nothing else.
enum HostileRecord {
    /// A record (RFC 6347 §4.1).
    static func record(
        _ type: UInt8,
        version: UInt16 = 0xfefd,
        epoch: UInt8,
        number: UInt8 = 0xf4,
        _ body: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = [type, UInt8(version >> 8), UInt8(version & 0xff), 0, epoch]
        bytes += [0, 0, 0, 0, 0, number, UInt8(body.count >> 8), UInt8(body.count & 0xff)]
        return bytes + body
    }

    /// A handshake message, or what claims to be a fragment of one (RFC 6347 §4.2.2).
    static func message(
        _ type: UInt8,
        sequence: UInt8,
        length: Int? = nil,
        offset: Int = 0,
        count: Int? = nil,
        _ body: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = [type]
        bytes += threeBytes(length ?? body.count)
        bytes += [0, sequence]
        bytes += threeBytes(offset)
        bytes += threeBytes(count ?? body.count)
        return record(22, epoch: 0, bytes + body)
    }

    private static func threeBytes(_ value: Int) -> [UInt8] {
        [UInt8(value >> 16 & 0xff), UInt8(value >> 8 & 0xff), UInt8(value & 0xff)]
    }

    /// One of each kind that a handshake may meet.
    static let all: [[UInt8]] =
        shortRecords.filter { $0.count % 8 == 6 } + plainRecords + completeMessages + brokenMessages

    /// Of epoch 1, too short for any cipher or for what they claim to be.
    static let shortRecords: [[UInt8]] = {
        var records: [[UInt8]] = []
        for type in 20...23 as ClosedRange<UInt8> {
            for count in 0...40 {
                records.append(record(type, epoch: 1, [UInt8](repeating: 0xa5, count: count)))
            }
        }
        return records
    }()

    private static let plainRecords: [[UInt8]] = [
        // Alerts: fatal ones, a goodbye, too long, too short, of no level.
        record(21, epoch: 0, [2, 40]), record(21, epoch: 0, [2, 80]), record(21, epoch: 0, [1, 0]),
        record(21, epoch: 0, [2, 40, 0]), record(21, epoch: 0, [2]), record(21, epoch: 0, [9, 9]),
        // ChangeCipherSpec before its time, and what is none.
        record(20, epoch: 0, [1]), record(20, epoch: 0, [2]), record(20, epoch: 0, [1, 1]),
        // Application data in plain text.
        record(23, epoch: 0, [1, 2, 3]),
        // Nothing, other versions, types and epochs.
        record(22, epoch: 0, []), record(22, version: 0x0303, epoch: 0, [1]), record(22, epoch: 2, [1]),
        record(24, epoch: 0, [1]), record(19, epoch: 1, [1]),
        // Less than the header of a handshake message.
        record(22, epoch: 0, [1]), record(22, epoch: 0, [UInt8](repeating: 0, count: 11)),
        // A cookie that nobody asked for.
        message(3, sequence: 0, [0xfe, 0xfd, 4, 1, 2, 3, 4]),
    ]

    /// Of every type, at every place.
    private static let completeMessages: [[UInt8]] = {
        var messages: [[UInt8]] = []
        for type in [0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 20, 22, 24] as [UInt8] {
            for sequence in 0...5 as ClosedRange<UInt8> {
                messages.append(message(type, sequence: sequence, [UInt8](repeating: 3, count: 70)))
            }
        }
        return messages
    }()

    private static let brokenMessages: [[UInt8]] = {
        var messages: [[UInt8]] = []
        for type in [1, 2, 11, 12, 14, 15, 16, 20] as [UInt8] {
            for sequence in 0...4 as ClosedRange<UInt8> {
                messages.append(message(type, sequence: sequence, []))
                // Longer than any, beyond its own end, beyond the record's.
                messages.append(message(type, sequence: sequence, length: 0xff_ffff, [1]))
                messages.append(message(type, sequence: sequence, length: 9, offset: 9, [1]))
                messages.append(message(type, sequence: sequence, length: 100, count: 90, [1]))
                // A small part of a long one.
                messages.append(message(type, sequence: sequence, length: 8_000, offset: 4_000, [1]))
            }
        }
        return messages
    }()
}
