#if canImport(Wire)
internal import Wire
#endif

extension FileMessage {
    /// Parses the message that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            let type = bytes.bigEndian(UInt8.self, at: 0),
            let detail = bytes.bigEndian(UInt8.self, at: 1),
            let transfer = bytes.bigEndian(UInt16.self, at: 2),
            bytes.byteCount <= Self.maximumLength
        else { throw MalformedMessage(offset: 0) }
        guard detail == 0 || Self.detailed.contains(type) else { throw MalformedMessage(offset: 1) }
        guard transfer == 0 || ![0x78, 0x79, 0x7c, 0x7d].contains(type) else {
            throw MalformedMessage(offset: 2)
        }
        var fields = Fields(at: 4)
        switch type {
        case 0x70: self = .put(transfer, try Put(&fields, bytes))
        case 0x71: self = .ready(transfer, try fields.next(bytes))
        case 0x72:
            let (offset, stamp): (UInt64, UInt32) = (try fields.next(bytes), try fields.next(bytes))
            guard bytes.byteCount > fields.place else { throw MalformedMessage(offset: fields.place) }
            self = .piece(transfer, offset: offset, stamp: stamp, fields.rest(bytes))
        case 0x73:
            self = .received(transfer, try fields.next(bytes), delay: try fields.next(bytes))
        case 0x74: self = .block(transfer, end: try fields.next(bytes), try fields.digest(bytes))
        case 0x75:
            self = .confirmed(transfer, try fields.next(bytes), isAgain: try Self.flag(detail))
        case 0x76: self = .end(transfer, size: try fields.next(bytes), try fields.digest(bytes))
        case 0x77:
            guard let outcome = FileOutcome(rawValue: detail) else { throw MalformedMessage(offset: 1) }
            self = .outcome(transfer, outcome, name: try fields.name(bytes, canBeEmpty: true))
        case 0x78: self = .watch(try Self.flag(detail))
        case 0x79:
            guard let rest = FileListing.Rest(rawValue: detail) else { throw MalformedMessage(offset: 1) }
            self = .listing(try FileListing(parsing: bytes, from: 4, rest: rest))
            return
        case 0x7a: self = .take(transfer, try Take(&fields, bytes))
        case 0x7b:
            self = .file(
                transfer,
                size: try fields.next(bytes),
                version: try fields.next(bytes),
                offset: try fields.next(bytes),
                name: try fields.name(bytes)
            )
        case 0x7c: self = .hand(person: try fields.next(bytes), name: try fields.name(bytes))
        case 0x7d:
            guard let step = HandedFile.Step(rawValue: detail) else { throw MalformedMessage(offset: 1) }
            self = .handed(
                HandedFile(
                    step,
                    offer: try fields.next(bytes),
                    person: try fields.next(bytes),
                    name: try fields.name(bytes, canBeEmpty: true)
                )
            )
        case 0x7e: self = .cancel(transfer, isForNow: try Self.flag(detail))
        case 0x7f: self = try Self.ofDesk(detail, transfer, &fields, bytes)
        default: throw MalformedMessage(offset: 0)
        }
        guard fields.place == bytes.byteCount else { throw MalformedMessage(offset: fields.place) }
    }

    private static func ofDesk(
        _ detail: UInt8,
        _ transfer: Transfer,
        _ fields: inout Fields,
        _ bytes: RawSpan
    ) throws(MalformedMessage) -> FileMessage {
        switch detail {
        case 0:
            let directions = DeskDirections(rawValue: try fields.next(bytes))
            guard transfer == 0, directions.isSubset(of: .all) else { throw MalformedMessage(offset: 4) }
            return .policy(
                FilePolicy(directions, limit: try fields.next(bytes), total: try fields.next(bytes))
            )
        case 1:
            return .drop(
                transfer,
                x: try fields.next(bytes),
                y: try fields.next(bytes),
                name: try fields.name(bytes)
            )
        case 2: return .dropped(transfer, try flag(fields.next(bytes)))
        default: throw MalformedMessage(offset: 1)
        }
    }

    private static func flag(_ value: UInt8) throws(MalformedMessage) -> Bool {
        guard value <= 1 else { throw MalformedMessage(offset: 1) }
        return value == 1
    }

    /// Those whose detail says something.
    private static let detailed: Set<UInt8> = [0x75, 0x77, 0x78, 0x79, 0x7d, 0x7e, 0x7f]
}

extension FileMessage.Put {
    fileprivate init(_ fields: inout Fields, _ bytes: RawSpan) throws(MalformedMessage) {
        self.init(
            size: try fields.next(bytes),
            key: FileKey(high: try fields.next(bytes), low: try fields.next(bytes)),
            lease: LeaseID(try fields.next(bytes)),
            x: try fields.next(bytes),
            y: try fields.next(bytes),
            name: try fields.name(bytes, upTo: FileMessage.longestPutName)
        )
    }
}

extension FileMessage.Take {
    fileprivate init(_ fields: inout Fields, _ bytes: RawSpan) throws(MalformedMessage) {
        self.init(
            version: try fields.next(bytes),
            offset: try fields.next(bytes),
            offer: try fields.next(bytes),
            name: try fields.name(bytes, canBeEmpty: true)
        )
        guard name.isEmpty == (offer != 0) else { throw MalformedMessage(offset: fields.place) }
    }
}

/// Reads a message's fields one after the other.
private struct Fields {
    private(set) var place: Int

    init(at place: Int) {
        self.place = place
    }

    mutating func next<Value>(_ bytes: RawSpan) throws(MalformedMessage) -> Value
    where Value: FixedWidthInteger & BitwiseCopyable {
        guard let value = bytes.bigEndian(Value.self, at: place) else {
            throw MalformedMessage(offset: place)
        }
        place += MemoryLayout<Value>.size
        return value
    }

    mutating func rest(_ bytes: RawSpan) -> [UInt8] {
        let start = place
        place = bytes.byteCount
        return bytes.extracting(start...).withUnsafeBytes { Array($0) }
    }

    mutating func digest(_ bytes: RawSpan) throws(MalformedMessage) -> FileDigest {
        let start = place
        guard let digest = FileDigest(bytes: rest(bytes)) else { throw MalformedMessage(offset: start) }
        return digest
    }

    /// The name that the message ends with.
    mutating func name(
        _ bytes: RawSpan,
        canBeEmpty: Bool = false,
        upTo length: Int = FileListing.longestName
    ) throws(MalformedMessage) -> String {
        let start = place
        place = bytes.byteCount
        guard
            place - start <= length, canBeEmpty || place > start,
            let name = String(utf8: bytes, in: start..<place)
        else { throw MalformedMessage(offset: start) }
        return name
    }
}
