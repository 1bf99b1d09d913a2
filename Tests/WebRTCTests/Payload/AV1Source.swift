import Wire

/// Makes the dependency descriptors of a stream with two spatial and two temporal layers, two packets a
/// frame.
///
/// The decode targets are, from 0: all; both spatial layers at half the rate; the lower one; the lower one at
/// half the rate. In decoding order the frames are S0T0, S1T0, S0T1, S1T1.
struct AV1Source {
    var number: UInt16
    var hasChains = true
    private var reader = DependencyDescriptorReader()
    private var isUpper = false
    private var isHalf = false

    init(number: UInt16, hasChains: Bool = true) {
        self.number = number
        self.hasChains = hasChains
    }

    struct Packet {
        var descriptor: DependencyDescriptor
        var bytes: [UInt8]
        var isMarked: Bool
    }

    /// The packets of the next two frames: of all that is shown at one time.
    mutating func next(isKey: Bool = false) -> [Packet] {
        if isKey { isUpper = false }
        defer { isUpper.toggle() }
        let templates: [UInt8] = isKey ? [0, 3] : isUpper ? [2, 5] : [1, 4]
        var packets: [Packet] = []
        for (spatial, template) in templates.enumerated() {
            number &+= 1
            for isFirst in [true, false] {
                var bytes = [(isFirst ? 0x80 : 0x40) | template, UInt8(number >> 8), UInt8(number & 0xff)]
                if isKey, isFirst, spatial == 0 { bytes += structure }
                guard let descriptor = try? reader.read(bytes.span.bytes) else { fatalError("bytes of ours") }
                packets.append(
                    Packet(descriptor: descriptor, bytes: bytes, isMarked: !isFirst && spatial == 1)
                )
            }
        }
        return packets
    }

    private var structure: [UInt8] {
        var bits = "10000" + "000000" + "00011" + "00" + "01" + "10" + "00" + "01" + "11"
        // Indications: - 00, D 01, S 10, R 11.
        bits += "10101010" + "11111010" + "11000100" + "10100000" + "11110000" + "01000000"
        // Frame differences: none; 4; 2; 1; 4 1; 2 1.
        bits += "0" + "100110" + "100010" + "100000" + "10011100000" + "10001100000"
        guard hasChains else { return Self.bytes(bits + "00" + "0") }
        // Two chains, of 0…4; the targets are protected by 1 1 0 0.
        bits += "10" + "1100"
        for chain in [0, 0, 4, 3, 2, 1, 1, 1, 1, 1, 3, 2] {
            let digits = String(chain, radix: 2)
            bits += String(repeating: "0", count: 4 - digits.count) + digits
        }
        return Self.bytes(bits + "0")
    }

    private static func bytes(_ bits: String) -> [UInt8] {
        let padded = Array(bits + String(repeating: "0", count: (8 - bits.count % 8) % 8))
        return stride(from: 0, to: padded.count, by: 8).map {
            UInt8(String(padded[$0..<$0 + 8]), radix: 2) ?? 0
        }
    }
}
