#if canImport(Wire)
internal import Wire
#endif

extension FileMessage {
    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch self {
        case .put(_, let put): 36 + put.name.utf8.count
        case .confirmed, .ready: 12
        case .piece(_, _, _, let bytes): 16 + bytes.count
        case .received: 16
        case .block, .end: 12 + FileDigest.length
        case .outcome(_, _, let name): 4 + name.utf8.count
        case .cancel, .watch: 4
        case .listing(let listing): 4 + listing.encodedLength
        case .take(_, let take): 24 + take.name.utf8.count
        case .file(_, _, _, _, let name): 28 + name.utf8.count
        case .hand(_, let name): 12 + name.utf8.count
        case .handed(let handed): 16 + handed.name.utf8.count
        case .policy: 21
        case .drop(_, _, _, let name): 8 + name.utf8.count
        case .dropped: 5
        }
    }

    /// Appends the message; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .put(let transfer, let put):
            Self.begin(0x70, transfer, into: &output)
            output.append(network: put.size)
            output.append(network: put.key.high)
            output.append(network: put.key.low)
            output.append(network: put.lease.rawValue)
            output.append(network: put.x)
            output.append(network: put.y)
            Self.append(put.name.utf8, to: &output)
        case .ready(let transfer, let offset):
            Self.begin(0x71, transfer, into: &output)
            output.append(network: offset)
        case .piece(let transfer, let offset, let stamp, let bytes):
            Self.begin(0x72, transfer, into: &output)
            output.append(network: offset)
            output.append(network: stamp)
            output.append(copying: bytes.span.bytes)
        case .received(let transfer, let count, let delay):
            Self.begin(0x73, transfer, into: &output)
            output.append(network: count)
            output.append(network: delay)
        case .block(let transfer, let end, let digest):
            Self.begin(0x74, transfer, into: &output)
            output.append(network: end)
            Self.append(digest.bytes, to: &output)
        case .confirmed(let transfer, let offset, let isAgain):
            Self.begin(0x75, detail: isAgain ? 1 : 0, transfer, into: &output)
            output.append(network: offset)
        case .end(let transfer, let size, let digest):
            Self.begin(0x76, transfer, into: &output)
            output.append(network: size)
            Self.append(digest.bytes, to: &output)
        case .outcome(let transfer, let outcome, let name):
            Self.begin(0x77, detail: outcome.rawValue, transfer, into: &output)
            Self.append(name.utf8, to: &output)
        case .watch(let isOn): Self.begin(0x78, detail: isOn ? 1 : 0, 0, into: &output)
        case .listing(let listing):
            Self.begin(0x79, detail: listing.rest.rawValue, 0, into: &output)
            listing.write(into: &output)
        case .take(let transfer, let take):
            Self.begin(0x7a, transfer, into: &output)
            output.append(network: take.version)
            output.append(network: take.offset)
            output.append(network: take.offer)
            Self.append(take.name.utf8, to: &output)
        case .file(let transfer, let size, let version, let offset, let name):
            Self.begin(0x7b, transfer, into: &output)
            output.append(network: size)
            output.append(network: version)
            output.append(network: offset)
            Self.append(name.utf8, to: &output)
        case .hand(let person, let name):
            Self.begin(0x7c, 0, into: &output)
            output.append(network: person)
            Self.append(name.utf8, to: &output)
        case .handed(let handed):
            Self.begin(0x7d, detail: handed.step.rawValue, 0, into: &output)
            output.append(network: handed.offer)
            output.append(network: handed.person)
            Self.append(handed.name.utf8, to: &output)
        case .cancel(let transfer, let isForNow):
            Self.begin(0x7e, detail: isForNow ? 1 : 0, transfer, into: &output)
        case .policy(let policy):
            Self.begin(0x7f, 0, into: &output)
            output.append(policy.directions.rawValue)
            output.append(network: policy.limit)
            output.append(network: policy.total)
        case .drop(let transfer, let x, let y, let name):
            Self.begin(0x7f, detail: 1, transfer, into: &output)
            output.append(network: x)
            output.append(network: y)
            Self.append(name.utf8, to: &output)
        case .dropped(let transfer, let isTaken):
            Self.begin(0x7f, detail: 2, transfer, into: &output)
            output.append(isTaken ? 1 : 0)
        }
    }

    @_lifetime(output: copy output)
    private static func begin(
        _ type: UInt8,
        detail: UInt8 = 0,
        _ transfer: Transfer,
        into output: inout OutputRawSpan
    ) {
        output.append(type)
        output.append(detail)
        output.append(network: transfer)
    }

    @_lifetime(output: copy output)
    private static func append(_ bytes: some Sequence<UInt8>, to output: inout OutputRawSpan) {
        for byte in bytes { output.append(byte) }
    }

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }
}
