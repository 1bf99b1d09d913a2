import SFU
import Testing
import Wire

@Suite struct BitrateDemandTests {
    @Test func whatIsNotWantedIsNotAskedFor() throws {
        let room = try WayRoom(encodings: 3)
        try room.play(packets: 300)
        var demand = BitrateDemand()
        #expect(try layers(&demand, room, upTo: nil).isEmpty)
        #expect(try layers(&demand, room, upTo: .unlimited).map(\.spatial) == [0, 1, 2])
        #expect(
            try layers(&demand, room, upTo: MediaLayers(spatial: 1, temporal: .max)).map(\.spatial) == [0, 1]
        )
    }

    @Test func moreIsAskedForSlowlyAndLessSoon() throws {
        let room = try WayRoom()
        var demand = BitrateDemand()
        try room.play(packets: 200)
        let usual = try bitrate(&demand, room)
        // 200 bytes every 11 ms.
        #expect((130_000...160_000).contains(usual))
        try room.play(packets: 200, size: 1_200)
        let burst = try bitrate(&demand, room)
        #expect(burst > usual && burst < 2 * usual, "a burst is no need yet")
        for _ in 0..<50 { _ = try bitrate(&demand, room) }
        let lasting = try bitrate(&demand, room)
        #expect(lasting > 800_000, "what lasts is")
        try room.play(packets: 200, size: 200)
        let less = try bitrate(&demand, room)
        #expect(less < lasting * 2 / 3)
    }

    /// A picture on demand is made smaller if need be: the desk.
    @Test func theFullPictureIsReckonedWithByWhoSeesItAndWhatIsKnown() throws {
        let room = try WayRoom()
        let desk = try room.core.makePlainTransport(on: room.router)
        let id = try room.core.produce(
            on: desk.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
                encodings: [
                    RTPEncodingParameters(ssrc: 1, maximumBitrate: 1_000_000),
                    RTPEncodingParameters(ssrc: 2, maximumBitrate: 4_800_000),
                ]
            ),
            streamID: nil
        )
        let producer = try room.core.producer(id)
        var demand = BitrateDemand()
        func full(isPathKnown: Bool) -> Int? {
            demand.layers(of: producer, upTo: .unlimited, isPathKnown: isPathKnown, now: room.now).last?
                .bitrate
        }
        #expect(full(isPathKnown: false) == 300_000, "who has just come sees what everybody sees")
        demand.grant(Allocator.Layer(spatial: 0, bitrate: 100_000))
        #expect(full(isPathKnown: false) == 300_000)
        #expect(full(isPathKnown: true) == 600_000, "to go back to it takes a key frame")
        #expect(demand.granted?.spatial == 0)
        demand.grant(Allocator.Layer(spatial: 1, bitrate: 600_000))
        #expect(full(isPathKnown: true) == 300_000)
    }

    // MARK: Private

    private func layers(
        _ demand: inout BitrateDemand,
        _ room: WayRoom,
        upTo wanted: MediaLayers?
    ) throws -> [Allocator.Layer] {
        demand.layers(
            of: try room.core.producer(room.producer),
            upTo: wanted,
            isPathKnown: true,
            now: room.now
        )
    }

    private func bitrate(_ demand: inout BitrateDemand, _ room: WayRoom) throws -> Int {
        try #require(try layers(&demand, room, upTo: .unlimited).last).bitrate
    }
}

extension WayRoom {
    /// Sends so many packets of each encoding, of twice the size in each that is higher.
    fileprivate func play(packets: Int, size: Int = 200) throws {
        let count = try core.producer(producer).streams.count
        for _ in 0..<packets { for encoding in 0..<count { try send(encoding, size: size << encoding) } }
    }
}
