/// The elements of an RTP packet's extension block, found by their negotiated id (RFC 8285).
///
/// ```
///  one byte:  |  ID   |  len-1 |  data …   |        (profile 0xBEDE)
///  two bytes: |      ID        |  length   | data … (profile 0x100x)
/// ```
///
/// Holds ranges, not bytes; iterate it with ``next(in:)``.
public struct RTPHeaderExtensions: Hashable, Sendable {
    private let isTwoByte: Bool
    private var rest: Range<Int>

    /// The elements of a packet with `header`; empty if its extension block has another profile.
    @inlinable
    public init(_ header: RTPHeader) {
        self.init(profile: header.extensionProfile, range: header.extensions)
    }

    @usableFromInline
    init(profile: UInt16?, range: Range<Int>) {
        switch profile {
        case .some(0xbede):
            isTwoByte = false
            rest = range
        case .some(let profile) where profile & 0xfff0 == 0x1000:
            isTwoByte = true
            rest = range
        default:
            isTwoByte = false
            rest = range.lowerBound..<range.lowerBound
        }
    }

    /// The next element's id and where its data lies in `packet`, or `nil` at the end or where the block is
    /// malformed.
    public mutating func next(in packet: RawSpan) -> (id: UInt8, data: Range<Int>)? {
        while !rest.isEmpty, let first = packet.bigEndian(UInt8.self, at: rest.lowerBound) {
            var start = rest.lowerBound + 1
            if first == 0 {  // padding
                rest = start..<rest.upperBound
                continue
            }
            let id: UInt8
            let length: Int
            if isTwoByte {
                guard start < rest.upperBound, let count = packet.bigEndian(UInt8.self, at: start) else {
                    return nil
                }
                id = first
                length = Int(count)
                start += 1
            } else {
                id = first >> 4
                length = Int(first & 0xf) + 1
                // Reserved, and padding that claims a length: both end the block (RFC 8285 §4.2).
                guard 1...14 ~= id else { return nil }
            }
            guard length <= rest.upperBound - start else { return nil }
            rest = (start + length)..<rest.upperBound
            return (id, start..<(start + length))
        }
        return nil
    }

    /// Where the data of the element `id` lies in `packet`, or `nil` if it has none.
    public func find(_ id: UInt8, in packet: RawSpan) -> Range<Int>? {
        var elements = self
        while let element = elements.next(in: packet) {
            if element.id == id { return element.data }
        }
        return nil
    }
}
