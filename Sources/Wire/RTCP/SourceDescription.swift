/// Names the source of a stream by its canonical name (RFC 3550 §6.5).
public enum SourceDescription {
    /// Appends an SDES packet with one chunk, whose only item is `cname` (at most 255 bytes of UTF-8 are
    /// written).
    public static func write(_ ssrc: UInt32, cname: String, into out: inout OutputRawSpan) {
        let name = cname.utf8.prefix(255)
        // Chunk: SSRC, type, length, name, and one to four zero bytes up to a multiple of four.
        let padding = 4 - (2 + name.count) % 4
        out.appendRTCPHeader(RTCPType.sourceDescription, count: 1, words: (4 + 2 + name.count + padding) / 4)
        out.append(bigEndian: ssrc)
        out.append(1 as UInt8)  // CNAME
        out.append(UInt8(name.count))
        for byte in name { out.append(byte) }
        for _ in 0..<padding { out.append(0 as UInt8) }
    }
}

extension SourceDescription {
    /// Whether the packet at `element` is one whose first chunk begins with this CNAME.
    ///
    /// How long it takes does not depend on where the names differ.
    public static func isNamed(_ cname: [UInt8], _ element: RTCPPackets.Element, in compound: RawSpan) -> Bool
    {
        let start = element.body.lowerBound + 4
        guard element.type == RTCPType.sourceDescription, element.count > 0,
            start + 2 + cname.count <= element.body.upperBound,
            compound.bigEndian(UInt8.self, at: start) == 1,
            compound.bigEndian(UInt8.self, at: start + 1).map(Int.init) == cname.count
        else { return false }
        var difference: UInt8 = 0
        for (index, byte) in cname.enumerated() {
            difference |= byte ^ (compound.bigEndian(UInt8.self, at: start + 2 + index) ?? ~byte)
        }
        return difference == 0
    }
}
