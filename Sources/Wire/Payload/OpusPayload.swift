/// How much sound an RTP payload that carries Opus has in it (RFC 7587 §4.2).
public enum OpusPayload {
    /// Samples at 48 kHz, 120 to 5,760; `nil` if `payload` is no Opus packet.
    ///
    /// The table of contents says it, the packet's first byte (RFC 6716 §3.1), and where frames are counted the second.
    public static func duration(of payload: RawSpan) -> Int? {
        guard let contents = payload.bigEndian(UInt8.self, at: 0) else { return nil }
        let count: Int
        switch contents & 3 {
        case 0: count = 1
        case 3:
            guard let byte = payload.bigEndian(UInt8.self, at: 1) else { return nil }
            count = Int(byte & 0x3f)
        default: count = 2
        }
        let duration = count * frame(of: contents >> 3)
        return (1...longest).contains(duration) ? duration : nil
    }

    /// Samples of one frame in this configuration.
    private static func frame(of configuration: UInt8) -> Int {
        switch configuration {
        // SILK only: 10, 20, 40 and 60 ms.
        case 0..<12: configuration & 3 == 3 ? 2_880 : 480 << Int(configuration & 3)
        // Hybrid: 10 and 20 ms.
        case 12..<16: 480 << Int(configuration & 1)
        // CELT only: 2.5, 5, 10 and 20 ms.
        default: 120 << Int(configuration & 3)
        }
    }

    /// Samples of the longest packet, 120 ms.
    public static let longest = 5_760
}
