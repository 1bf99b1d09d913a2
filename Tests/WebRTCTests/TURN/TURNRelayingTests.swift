import TestSupport
import Testing
import WebRTC
import Wire

/// Whom an allocation reaches, and what is relayed (RFC 8656 §9 to §12).
@Suite struct TURNRelayingTests {
    private static func allocated(
        family: UInt8? = nil,
        peers: [SocketAddress] = [TURNClient.room, TURNClient.six]
    ) -> TURNClient {
        var client = TURNClient()
        client.learn()
        let answer = client.allocate(family: family, lifetime: 3_600, peers: peers)
        #expect(answer?.isSuccess == true)
        return client
    }

    @Test func nobodyIsReachedButTheRoomsMedia() throws {
        var client = Self.allocated()
        #expect(client.permit(TURNClient.stranger)?.code == 403)
        #expect(client.bind(0x4000, to: TURNClient.stranger)?.code == 403)
        // All or none of those in one request.
        #expect(client.permit(TURNClient.room, TURNClient.stranger)?.code == 403)
        #expect(client.indicate([1], to: TURNClient.room).isEmpty)
        // Another port of the room's own address.
        var other = TURNClient.room
        other.port = 22
        #expect(client.permit(other)?.isSuccess == true)
        #expect(client.bind(0x4000, to: other)?.code == 403)
        #expect(client.indicate([1], to: other).isEmpty)
        #expect(client.output.dropped == 1)
        #expect(client.indicate([1], to: TURNClient.stranger).isEmpty)
    }

    @Test func dataGoesBothWaysByIndications() throws {
        var client = Self.allocated()
        #expect(client.permit(TURNClient.room)?.isSuccess == true)
        let datagrams = client.indicate([1, 2, 3], to: TURNClient.room)
        #expect(datagrams.map(\.peer) == [0] && datagrams.map(\.range) == [0..<3])
        #expect(client.output.data == [1, 2, 3])

        client.receive([4, 5], from: 0)
        let answer = try #require(client.answers.first)
        #expect(answer.kind == .indication && answer.method == TURNMethod.data)
        #expect(answer.attributes.peers == [TURNClient.room])
        #expect(answer.attributes.data.map { Array(answer.bytes[$0]) } == [4, 5])
    }

    @Test func dataGoesBothWaysByAChannel() throws {
        var client = Self.allocated()
        #expect(client.bind(0x4abc, to: TURNClient.room)?.isSuccess == true)
        client.send([0x4a, 0xbc, 0, 3, 1, 2, 3, 0, 0x4a, 0xbc, 0, 1, 4, 0, 0, 0])
        #expect(client.output.datagrams.map(\.peer) == [0, 0])
        #expect(client.output.data == [1, 2, 3, 4])
        client.receive([5, 6, 7, 8, 9], from: 0)
        #expect(client.output.stream == [0x4a, 0xbc, 0, 5, 5, 6, 7, 8, 9, 0, 0, 0])
        #expect(client.channelData.map(\.bytes) == [[5, 6, 7, 8, 9]])
    }

    @Test func aChannelIsOnePeersAndAPeersChannelIsOne() throws {
        let second = SocketAddress(ipv4: 0xcb00_7108, port: 40_000)
        var client = Self.allocated(peers: [TURNClient.room, second])
        #expect(client.bind(0x4000, to: TURNClient.room)?.isSuccess == true)
        #expect(client.bind(0x4000, to: TURNClient.room)?.isSuccess == true)
        #expect(client.bind(0x4001, to: TURNClient.room)?.code == 400)
        #expect(client.bind(0x4000, to: second)?.code == 400)
        #expect(client.bind(0x4001, to: second)?.isSuccess == true)
        for number: UInt16 in [0x3fff, 0x5000, 0] { #expect(client.bind(number, to: second)?.code == 400) }
    }

    @Test func permissionsAndChannelsEndAndAreRefreshed() throws {
        var client = Self.allocated()
        #expect(client.bind(0x4000, to: TURNClient.room)?.isSuccess == true)
        client.advance(.seconds(299))
        client.receive([1], from: 0)
        #expect(client.channelData.count == 1)
        client.advance(.seconds(1))
        client.receive([1], from: 0)
        #expect(client.channelData.isEmpty && client.output.dropped == 1)
        // The channel is still there.
        #expect(client.permit(TURNClient.room)?.isSuccess == true)
        client.receive([1], from: 0)
        #expect(client.channelData.map(\.channel) == [0x4000])
        client.advance(.seconds(299))
        client.send([0x40, 0, 0, 1, 1, 0, 0, 0])
        #expect(client.output.datagrams.count == 1)
        client.advance(.seconds(1))
        client.send([0x40, 0, 0, 1, 1, 0, 0, 0])
        #expect(client.output.datagrams.isEmpty && client.output.dropped == 1)
        // Its number is free again.
        #expect(client.bind(0x4001, to: TURNClient.room)?.isSuccess == true)
    }

    @Test func anAllocationIsOfOneFamily() throws {
        var client = Self.allocated()
        #expect(client.permit(TURNClient.six)?.code == 443)
        #expect(client.bind(0x4000, to: TURNClient.six)?.code == 443)
        var other = Self.allocated(family: 2)
        #expect(other.permit(TURNClient.room)?.code == 443)
        #expect(other.bind(0x4000, to: TURNClient.six)?.isSuccess == true)
        other.receive([1], from: 1)
        #expect(other.channelData.count == 1)
        // As somebody whom the client has not permitted.
        other.receive([1], from: 0)
        #expect(other.output.dropped == 1)
    }

    @Test func whatIsTooLongIsDropped() throws {
        var client = Self.allocated()
        #expect(client.permit(TURNClient.room)?.isSuccess == true)
        client.receive([UInt8](repeating: 1, count: TURNConnection.longestDatagram), from: 0)
        #expect(client.answers.count == 1)
        client.receive([UInt8](repeating: 1, count: TURNConnection.longestDatagram + 1), from: 0)
        #expect(client.answers.isEmpty && client.output.dropped == 1)
    }

    @Test func nothingIsRelayedWithoutAnAllocation() {
        var client = TURNClient()
        client.receive([1], from: 0)
        #expect(client.output.dropped == 1 && client.output.stream.isEmpty)
        client.send([0x40, 0, 0, 1, 1, 0, 0, 0])
        #expect(client.output.dropped == 1)
        #expect(client.indicate([1], to: TURNClient.room).isEmpty)
    }
}
