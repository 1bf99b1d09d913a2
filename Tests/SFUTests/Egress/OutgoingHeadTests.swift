import SFU
import Testing
import Wire

@Suite struct OutgoingHeadTests {
    private let now = Instant(nanoseconds: 1_000_000_000_000)
    private let scratch = Scratch()

    @Test func withoutExtensionsItIsTheFixedHeader() throws {
        let packet = try write(head(), format(.vp8, extensions: []))
        let header = try RTPHeader(parsing: packet.span.bytes)
        #expect(header.ssrc == 7 && header.sequenceNumber == 500 && header.timestamp == 9_000)
        #expect(header.payloadType == 100 && header.isMarked)
        #expect(header.extensions.isEmpty)
    }

    @Test func itHasWhatTheReceiverTakesAndNothingElse() throws {
        let packet = try write(
            head(),
            format(.vp8, extensions: [(.mid, 1), (.transportWideCC, 2), (.absoluteSendTime, 3)])
        )
        #expect(try element(1, in: packet) == Array("sect".utf8))
        #expect(try element(2, in: packet) == [0x12, 0x34])
        #expect(try element(3, in: packet)?.count == 3)
        #expect(try element(4, in: packet) == nil)
    }

    @Test func soundTellsItsLevelIfItsSourceDid() throws {
        let format = try format(.opus, extensions: [(.audioLevel, 4)])
        #expect(try element(4, in: write(head(audioLevel: 0x85), format)) == [0x85])
        #expect(try element(4, in: write(head(audioLevel: nil), format)) == nil)
    }

    /// Of any length: the structures of key frames are longer than the one-byte form takes.
    @Test(arguments: [5, 40])
    func aDependencyDescriptorIsTakenFromTheScratch(length: Int) throws {
        for index in 0..<length { scratch.descriptor[index] = UInt8(index + 1) }
        let format = try format(.av1, extensions: [(.mid, 1), (.dependencyDescriptor, 5)])
        let packet = write(head(descriptor: length), format)
        #expect(try element(5, in: packet) == Array(1...UInt8(length)))
        #expect(try element(1, in: packet) == Array("sect".utf8))
        #expect(try element(5, in: write(head(), format)) == nil)
    }

    // MARK: Private

    private func head(audioLevel: UInt8? = nil, descriptor: Int = 0) -> OutgoingHead {
        OutgoingHead(
            header: RTPHeader(
                payloadType: 100,
                sequenceNumber: 500,
                timestamp: 9_000,
                ssrc: 7,
                isMarked: true,
                payloadLength: 0
            ),
            audioLevel: audioLevel,
            prefix: nil,
            descriptor: descriptor,
            transportSequence: 0x1234
        )
    }

    private func format(
        _ codec: RTPCodec,
        extensions: [(RTPHeaderExtensionURI, UInt8)]
    ) throws -> ConsumerFormat {
        let room = try WayRoom()
        let parameters = RTPCodecParameters(codec, payloadType: 100)
        let id = try room.core.produce(
            on: room.source.id,
            kind: codec.kind,
            parameters: RTPParameters(codecs: [parameters], encodings: [RTPEncodingParameters(ssrc: 1)]),
            streamID: nil
        )
        return try ConsumerFormat(
            room.core.producer(id),
            options: ConsumerOptions(
                capabilities: RTPCapabilities(
                    codecs: [parameters],
                    headerExtensions: extensions.map { RTPHeaderExtensionParameters($0.0, id: $0.1) },
                    allowsMixedExtensions: true
                )
            ),
            mid: "sect",
            ssrc: 7,
            rtxSSRC: 8,
            cname: "room"
        )
    }

    private func write(_ head: OutgoingHead, _ format: ConsumerFormat) -> [UInt8] {
        written { head.write(format, scratch, now: now, into: &$0) }
    }

    private func element(_ id: UInt8, in packet: [UInt8]) throws -> [UInt8]? {
        let bytes = packet.span.bytes
        return RTPHeaderExtensions(try RTPHeader(parsing: bytes)).find(id, in: bytes).map {
            Array(packet[$0])
        }
    }
}
