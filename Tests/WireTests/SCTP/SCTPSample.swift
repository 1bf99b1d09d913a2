import TestSupport
import Wire

/// Packets made of given chunks.
enum SCTPSample {
    /// A packet with a right checksum around the chunks.
    static func packet(tag: UInt32 = 0x0102_0304, _ chunks: [UInt8]) -> [UInt8] {
        written { out in
            SCTPPacket(sourcePort: 5_000, destinationPort: 5_001, verificationTag: tag).write(into: &out)
            for byte in chunks { out.append(bigEndian: byte) }
            SCTPPacket.seal(&out)
        }
    }

    /// All chunks of a packet.
    static func chunks(of packet: [UInt8]) throws -> [SCTPChunk] {
        var walk = SCTPChunks()
        var chunks: [SCTPChunk] = []
        while let chunk = try walk.next(in: packet.span.bytes) { chunks.append(chunk) }
        return chunks
    }

    /// A packet around a chunk, and the chunk as if its value were only `length` bytes long.
    static func truncated(_ chunks: [UInt8], to length: Int) -> (packet: [UInt8], chunk: SCTPChunk) {
        let packet = Self.packet(chunks)
        let type = SCTPChunkType(rawValue: chunks[0])
        return (packet, SCTPChunk(type: type, flags: chunks[1], value: 16..<(16 + length)))
    }
}
