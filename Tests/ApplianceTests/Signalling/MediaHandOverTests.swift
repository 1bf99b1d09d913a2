import Appliance
import Glibc
import SFU
import Synchronization
import Testing
import Wire

/// Media at the page's own port.
@Suite(.timeLimit(.minutes(1))) struct MediaHandOverTests {
    /// The beginning of a check in a frame, and what is still to come.
    private static let check: [UInt8] = [0, 28, 0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42] + (10..<30)

    @Test(arguments: ["127.0.0.1", "0.0.0.0"])
    func aConnectionThatBeginsWithACheckIsHandedOverAlive(host: String) async throws {
        var configuration = Configuration()
        configuration.host = host
        configuration.port = 0
        let taken = Taken()
        try await serve(configuration, taken) { port in
            try await RawClient.connect(port: port) { client in
                // In two pieces: the first does not tell yet.
                try await client.send(Array(Self.check.prefix(4)))
                try await Task.sleep(for: .milliseconds(50))
                try await client.send(Array(Self.check.dropFirst(4)))
                while taken.descriptor == nil { await Task.yield() }
                let descriptor = try #require(taken.descriptor)
                #expect(taken.bytes == Array(Self.check.prefix(taken.bytes.count)))
                #expect(taken.bytes.count >= StreamOpening.length)
                // It lives, though swift-nio has let go of it.
                try await Task.sleep(for: .milliseconds(100))
                _ = write(descriptor, "media", 5)
                var answer: [UInt8] = []
                while answer.count < 5, let more = try await client.bytes() { answer += more }
                #expect(answer == Array("media".utf8))
                close(descriptor)
                #expect(try await client.bytes() == nil)
            }
        }
    }

    @Test func thePageIsServedBesideIt() async throws {
        var configuration = Configuration()
        configuration.port = 0
        let taken = Taken()
        try await serve(configuration, taken) { port in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/", host: "localhost") }
            #expect(answer.hasPrefix("HTTP/1.1 "))
            #expect(taken.descriptor == nil)
        }
    }

    @Test func wherePeopleReachItIsToldByWhereItListens() {
        var configuration = Configuration()
        let candidates = [0xc000_0201, 0x7f00_0001].map {
            ICECandidate(SocketAddress(ipv4: $0, port: 40_000), index: 0)
        }
        let (outside, loopback) = (candidates[0].address, candidates[1].address)
        func reached(_ address: SocketAddress, _ port: UInt16) -> SocketAddress {
            var address = address
            address.port = port
            return address
        }

        // Only this machine.
        #expect(
            configuration.handOverAddresses(port: 8_080, candidates: candidates) == [reached(loopback, 8_080)]
        )
        configuration.host = "0.0.0.0"
        #expect(
            configuration.handOverAddresses(port: 8_443, candidates: candidates)
                == [reached(outside, 8_443), reached(loopback, 8_443)]
        )
        configuration.connections.ports = [443, 4_443]
        #expect(
            configuration.handOverAddresses(port: 8_443, candidates: [candidates[0]])
                == [reached(outside, 443), reached(outside, 4_443)]
        )
        configuration.connections.isOn = false
        #expect(configuration.handOverAddresses(port: 8_443, candidates: candidates).isEmpty)
    }

    /// What was handed over.
    private final class Taken: Sendable {
        private let state = Mutex<(CInt, [UInt8])?>(nil)

        var descriptor: CInt? { state.withLock { $0?.0 } }
        var bytes: [UInt8] { state.withLock { $0?.1 ?? [] } }
        func take(_ descriptor: CInt, _ bytes: [UInt8]) { state.withLock { $0 = (descriptor, bytes) } }
    }

    private func serve(
        _ configuration: Configuration,
        _ taken: Taken,
        _ body: (Int) async throws -> Void
    ) async throws {
        try await ServedPage.run(
            configuration,
            takeMedia: { descriptor, bytes, _ in taken.take(descriptor, bytes) },
            body
        )
    }
}
