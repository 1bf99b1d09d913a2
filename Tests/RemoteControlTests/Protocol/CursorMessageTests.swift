import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct CursorMessageTests {
    static let shape = CursorShape(
        serial: 0x0102_0304,
        width: 2,
        height: 1,
        hotSpot: DeskPoint(x: 1, y: 0),
        pixels: [1, 2, 3, 4, 5, 6, 7, 8]
    )
    static let shapeBytes: [UInt8] = [
        0x41, 0, 0, 0, 1, 2, 3, 4, 0, 2, 0, 1, 0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]
    static let positionBytes: [UInt8] = [0x42, 0, 0, 0, 1, 2, 3, 4]

    @Test func readsAndWritesBothMessages() throws {
        let shape = CursorMessage.shape(try #require(Self.shape))
        #expect(shape.encoded() == Self.shapeBytes)
        #expect(try CursorMessage(parsing: Self.shapeBytes.span.bytes) == shape)

        let position = CursorMessage.position(DeskPoint(x: 0x0102, y: 0x0304))
        #expect(position.encoded() == Self.positionBytes)
        #expect(try CursorMessage(parsing: Self.positionBytes.span.bytes) == position)
    }

    @Test func refusesEveryTruncationAndEveryExtraByte() {
        for bytes in [Self.shapeBytes, Self.positionBytes] {
            for count in 0..<bytes.count { expectMalformed(Array(bytes.prefix(count))) }
            expectMalformed(bytes + [0])
        }
    }

    @Test func refusesAHotSpotOutsideAndAPictureTooLarge() {
        var bytes = Self.shapeBytes
        bytes[13] = 2
        expectMalformed(bytes)
        bytes = Self.shapeBytes
        (bytes[9], bytes[11]) = (65, 1)
        expectMalformed(Array(bytes.prefix(16)) + [UInt8](repeating: 0, count: 65 * 4))
    }

    @Test func survivesArbitraryBytes() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<10_000 {
            var bytes = random.bytes(upTo: 40)
            if bytes.count > 4, Bool.random(using: &random) {
                bytes.replaceSubrange(0..<4, with: [.random(in: 0x41...0x42, using: &random), 0, 0, 0])
            }
            guard let message = try? CursorMessage(parsing: bytes.span.bytes) else { continue }
            #expect(message.encoded() == bytes)
        }
    }

    @Test func turnsARGBIntoRGBA() throws {
        let shape = try #require(
            CursorShape(serial: 1, width: 1, height: 1, hotX: 0, hotY: 0, argb: [0x8040_2010])
        )
        #expect(shape.pixels == [0x40, 0x20, 0x10, 0x80])
    }

    @Test func scalesALargePictureDownAndKeepsItsHotSpot() throws {
        let shape = try #require(
            CursorShape(
                serial: 1,
                width: 128,
                height: 96,
                hotX: 127,
                hotY: 48,
                argb: (0..<(128 * 96)).map { $0 % 2 == 0 ? 0xff00_0000 : 0xff64_6464 }
            )
        )
        #expect((shape.width, shape.height) == (64, 48))
        #expect(shape.hotSpot == DeskPoint(x: 63, y: 24))
        #expect(Array(shape.pixels.prefix(4)) == [50, 50, 50, 255])
        #expect(shape.pixels.count == 64 * 48 * 4)
    }

    @Test func refusesPicturesThatAreNotThere() {
        #expect(CursorShape(serial: 1, width: 0, height: 1, hotX: 0, hotY: 0, argb: []) == nil)
        #expect(CursorShape(serial: 1, width: 2, height: 2, hotX: 0, hotY: 0, argb: [0]) == nil)
        #expect(CursorShape(serial: 1, width: 5_000, height: 1, hotX: 0, hotY: 0, argb: []) == nil)
    }

    private func expectMalformed(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) {
        #expect(throws: MalformedMessage.self, sourceLocation: location) {
            try CursorMessage(parsing: bytes.span.bytes)
        }
    }
}
