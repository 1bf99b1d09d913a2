import CLinux
import Glibc
import IO
import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A Worker and its peers over TCP, on loopback.
@Suite struct ConnectionTests {
    @Test func aDeskReachesAViewerOverTCP() async throws {
        let room = try LoopbackRoom(takesConnections: true)
        defer { room.finish() }
        let router = await room.worker.makeRouter()
        let plain = try await room.worker.makePlainTransport(on: router)
        let desk = PublishedStream.Parameters.desk()
        let producer = try await room.worker.produce(on: plain.id, kind: .video, parameters: .plain(desk))
        let publisher = PublishedStream(desk, random: &room.random)
        publisher.start(now: .now())
        room.loop.add(try PlainPublisher(publisher, to: plain.localAddress))

        let viewer = try await room.join(router, at: room.address)
        #expect(room.loop.run(limit: .seconds(20)) { viewer.socket.participant.channelsState == .connected })
        let consumer = try await room.worker.consume(
            producer,
            on: viewer.id,
            options: ConsumerOptions(capabilities: .browser)
        )
        viewer.socket.participant.receive(ReceivedStream.Parameters(consumer))
        #expect(
            room.loop.run(limit: .seconds(20)) {
                viewer.socket.participant.stream(consumer.ssrc)?.arrivals.count ?? 0 > 60
            }
        )
        let stream = try #require(viewer.socket.participant.stream(consumer.ssrc))
        #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
        expectUnbroken(stream)
        let statistics = await room.worker.connectionStatistics()
        #expect(statistics.opened == 1 && statistics.closed == 0 && statistics.datagramsDropped == 0)
        let reading = await room.worker.reading()
        #expect(reading.connectedByTCP == 1 && reading.connectedByUDP == 0)

        // The connection ends, and the stream goes on by the next.
        try viewer.socket.changePath(now: .now())
        let before = viewer.socket.participant.stream(consumer.ssrc)?.arrivals.count ?? 0
        #expect(
            room.loop.run(limit: .seconds(20)) {
                viewer.socket.participant.stream(consumer.ssrc)?.arrivals.count ?? 0 > before + 60
            }
        )
        let after = await room.worker.connectionStatistics()
        #expect(after.opened == 2 && after.closed == 1)
        var states: [ICEState] = []
        for await event in room.worker.events {
            guard case .iceStateChanged(viewer.id, let state) = event else { continue }
            states.append(state)
            if states.count == 3 { break }
        }
        #expect(states == [.connected, .disconnected, .connected])
    }

    @Test func theCandidatesNameTheConnectionAfterUDP() async throws {
        let room = try LoopbackRoom(takesConnections: true)
        defer { room.finish() }
        await room.worker.announceConnections { _ in [SocketAddress(ipv4: 0xc000_0201, port: 443)] }
        let router = await room.worker.makeRouter()
        let candidates = try await room.worker.makeWebRTCTransport(on: router).candidates
        #expect(candidates.map(\.transport) == [.udp, .tcpPassive, .tcpPassive])
        #expect(candidates.map(\.address.port) == [room.port, room.port, 443])
        #expect(candidates.map(\.priority) == candidates.map(\.priority).sorted(by: >))
        #expect(Set(candidates.map(\.foundation)).count == 3)
    }

    enum Stranger: CaseIterable {
        case anotherProtocol, halfAFrame, nobodysCheck, media, tooLong
    }

    @Test(arguments: Stranger.allCases)
    func strangersAreSentAway(stranger: Stranger) async throws {
        let room = try LoopbackRoom(takesConnections: true)
        defer { room.finish() }
        let descriptor = try room.address.connectedDescriptor()
        defer { close(descriptor) }
        let bytes: [UInt8] =
            switch stranger {
            case .anotherProtocol: Array("GET / HTTP/1.1\r\nHost: room\r\n\r\n".utf8)
            case .halfAFrame: [0, 100, 0, 1]
            case .nobodysCheck: Self.framed(Self.check(for: "nobody"))
            case .media: Self.framed([0x80, 96] + [UInt8](repeating: 0, count: 30))
            case .tooLong: [0xff, 0xff, 0]
            }
        _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        // At once, or after five seconds.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&wanted, 1, 30_000) == 1)
        var byte: UInt8 = 0
        #expect(recv(descriptor, &byte, 1, 0) <= 0)
    }

    @Test func aConnectionIsTakenOverWithWhatWasReadFromIt() async throws {
        let room = try LoopbackRoom(takesConnections: true)
        defer { room.finish() }
        let router = await room.worker.makeRouter()
        let parameters = try await room.worker.makeWebRTCTransport(on: router)
        let listener = try TCPListener(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0), port: 0)
        let client = try listener.localAddress.connectedDescriptor()
        defer { close(client) }
        let accepted = accept(listener.descriptor, nil, nil)
        let check = Self.framed(
            Self.check(
                for: parameters.iceCredentials.usernameFragment,
                password: parameters.iceCredentials.password
            )
        )
        // The rest comes later.
        await room.worker.takeConnection(accepted, received: Array(check.prefix(15)), isShared: false)
        _ = check.dropFirst(15).withUnsafeBytes { send(client, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        var wanted = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        #expect(poll(&wanted, 1, 30_000) == 1)
        var answer = [UInt8](repeating: 0, count: 200)
        let count = recv(client, &answer, answer.count, 0)
        #expect(count > 22)
        // A success response in a frame.
        #expect(Array(answer[2..<4]) == [0x01, 0x01])
    }

    // MARK: Samples

    private static func framed(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }

    private static func check(for fragment: String, password: String = "nobody's") -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = bytes.withUnsafeMutableBytes { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            out.appendSTUNHeader(.request, STUNTransactionID(high: 1, low: 2))
            out.appendSTUNUsername(fragment, "far")
            out.appendSTUNControlling(tieBreaker: 7)
            out.appendSTUNPriority(9)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            out.appendSTUNFingerprint()
            return out.finalize(for: buffer)
        }
        return Array(bytes[..<count])
    }
}
