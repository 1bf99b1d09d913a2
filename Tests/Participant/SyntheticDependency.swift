/// Makes the dependency descriptors of a stream with three temporal layers (AV1 RTP specification,
/// Appendix A), as browsers send it.
///
/// Of every four frames one is of the base layer, one of the next, and two of the highest. The decode targets
/// are, from 0: all frames; without the highest layer; the base layer alone.
struct SyntheticDependency {
    private var number: UInt16 = 0xfff0
    private var place = 0
    private var isKeyFrame = true

    /// The next frame begins.
    mutating func advance(isKeyFrame: Bool) {
        number &+= 1
        place = isKeyFrame ? 0 : (place + 1) % 4
        self.isKeyFrame = isKeyFrame
    }

    /// The descriptor of a packet of the frame.
    func bytes(isFirst: Bool, isLast: Bool) -> [UInt8] {
        let template: UInt8 = isKeyFrame ? 0 : [1, 3, 2, 4][place]
        let flags: UInt8 = (isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0)
        let bytes = [flags | template, UInt8(number >> 8), UInt8(number & 0xff)]
        return isKeyFrame && isFirst ? bytes + Self.structure : bytes
    }

    private static let structure: [UInt8] = {
        // Only the structure follows; template ids from 0; three decode targets; the layers of the templates.
        var bits = "10000" + "000000" + "00010" + "00" + "01" + "01" + "00" + "11"
        // What a frame is to each target: - 00, D 01, S 10.
        bits += "101010" + "101010" + "100100" + "010000" + "010000"
        // Frames back: none; 4; 2; 1; 1. No chains. One resolution, 1 280 × 720.
        bits += "0" + "100110" + "100010" + "100000" + "100000" + "00"
        bits += "1" + "0000010011111111" + "0000001011001111"
        return stride(from: 0, to: bits.count, by: 8).map { start in
            let digits = bits.dropFirst(start).prefix(8)
            return UInt8(digits + String(repeating: "0", count: 8 - digits.count), radix: 2) ?? 0
        }
    }()
}
